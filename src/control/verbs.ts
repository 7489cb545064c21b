import { ACCESS_PARAMETER, hashToken, mintToken } from "../bypass/token.ts";
import { kindOf, MaintenanceError } from "../errors.ts";
import { recordAt } from "../schedule/timetable.ts";
import type { AccessToken } from "../state/access-token.ts";
import type { Actor } from "../state/actor.ts";
import type { BypassLink } from "../state/bypass-link.ts";
import type { End } from "../state/end.ts";
import { ALL_SITES, type NewExemptions } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import { knownSites, requireKnown } from "./apply/known-sites.ts";
import { mintAccessToken, mintId, type NewToken } from "./apply/mint-access-token.ts";
import type { WaitOptions } from "./barrier/wait-options.ts";
import type { WaitedClosure } from "./barrier/wait-result.ts";
import type { AddSiteCommand, CloseCommand, Command, OpenCommand, RemoveSiteCommand, SiteSettings } from "./command.ts";
import type { Authority, CommandResult, Controller } from "./controller.ts";

/** The id of a site, `"*"` for everything, or several in a list: a method changes all of them or none. */
export type SiteSelection = string | readonly string[];

/** The options of every method that writes. */
export interface ChangeOptions {
  /** Why, for the history: up to 500 characters. */
  readonly reason?: string | undefined;
  /**
   * The actor that the history shows, or its label.
   * @default the `by` of `createController`
   */
  readonly by?: Actor | string | undefined;
}

/** How sites are closed. A setting that is left out stays as it is; `open` restores the settings that a closure replaced. */
export interface CloseOptions extends Omit<CloseCommand, "type" | "sites" | "scope" | "reason">, ChangeOptions {}

/** How sites are opened. */
export interface OpenOptions extends Omit<OpenCommand, "type" | "sites" | "scope" | "reason">, ChangeOptions {}

/** The settings to change. Each one that is given replaces that of the record. */
export interface EditOptions extends SiteSettings, ChangeOptions {
  /** The version of the site's record that the caller has read; 0 for a site without a record. */
  readonly version: number;
}

/** The exemptions to add. */
export interface NewExemptionsOptions extends NewExemptions, ChangeOptions {
  /**
   * The exemptions end when the site opens; refused with `ERR_INVALID_COMMAND` while it is open.
   * @default false
   */
  readonly untilOpen?: boolean | undefined;
}

/** The exemptions to remove. */
export interface RemovedExemptions extends ChangeOptions {
  /** Patterns, as they were added. */
  readonly paths?: readonly string[] | undefined;
  /** Addresses and ranges, in any spelling. */
  readonly addresses?: readonly string[] | undefined;
}

/** @example { site: "shop", label: "QA", expires: "2h" } */
export interface NewLink extends ChangeOptions {
  /**
   * The site that it opens.
   * @default "*": every site
   */
  readonly site?: string | undefined;
  /** The person or purpose, which names the link in lists and in the history: 1 to 100 characters. */
  readonly label: string;
  /**
   * A `Date`, an RFC 3339 time or a duration such as `2h`.
   * @default null: until it is revoked
   */
  readonly expires?: End | null | undefined;
  /**
   * The link also ends when the site opens; refused with `ERR_INVALID_COMMAND` while it is open.
   * @default false
   */
  readonly untilOpen?: boolean | undefined;
}

/** A new link, with its secret. */
export interface CreatedLink extends CommandResult {
  /** For `revoke`, with the site of the link. */
  readonly id: string;
  /** A secret: it lets every holder in. */
  readonly token: string;
  /** The query to add to an address of the site: `maintenance-access=…`. */
  readonly query: string;
}

/** The site of the links to revoke. */
export interface RevokeLinkOptions extends ChangeOptions {
  /** The site whose links these are, as `list` returns it: `"*"` for a link that opens every site. */
  readonly site: string;
}

/** A link, without its secrets. */
export interface ListedLink extends Omit<BypassLink, "hash" | "key"> {
  /** The site that it opens. */
  readonly site: string;
}

/** A new token, with its secret. */
export interface CreatedToken extends CommandResult {
  /** For `revoke`. */
  readonly id: string;
  /** A secret, for `Authorization: Bearer …`. */
  readonly token: string;
}

/** A token of the admin, without its hash. */
export type ListedToken = Omit<AccessToken, "hash">;

/** @example { hosts: ["blog.example"] } */
export interface NewSite extends Omit<AddSiteCommand, "type" | "site" | "reason">, ChangeOptions {}

/** The version of the site to remove. */
export interface RemoveSiteOptions extends Omit<RemoveSiteCommand, "type" | "site" | "reason">, ChangeOptions {}

/** Paths and addresses that pass a closed site, until they are removed or, with `untilOpen`, until the site opens. */
export interface ExemptionVerbs {
  /**
   * Adds exemptions to the site, `"*"` for all sites. One that is listed already takes the new description. Idempotent.
   *
   * @throws as `execute` does
   * @example await controller.exemptions.add("shop", { addresses: [{ range: "10.0.0.0/8", description: "office" }] });
   */
  add(site: string, exemptions: NewExemptionsOptions): Promise<CommandResult>;
  /**
   * Removes exemptions by their pattern or range.
   *
   * @throws `ERR_INVALID_COMMAND` when one is not listed
   * @example await controller.exemptions.remove("shop", { addresses: ["10.0.0.0/8"] });
   */
  remove(site: string, exemptions: RemovedExemptions): Promise<CommandResult>;
}

/** Bypass links: every holder of one gets in while the site is closed. */
export interface LinkVerbs {
  /**
   * Creates a bypass link. Its token is in the result and nowhere else: a hash of it is stored.
   *
   * @throws as `execute` does; `ERR_INVALID_TIME` for an `expires` that is past
   * @example const { query } = await controller.links.create({ site: "shop", label: "QA", expires: "2h" });
   */
  create(link: NewLink, authority?: Authority): Promise<CreatedLink>;
  /**
   * Revokes a link of a site by its id, several in a list, or all with `"*"`, and every cookie that was issued for them.
   *
   * @throws `ERR_INVALID_COMMAND` without a site, and for an id that no link of the site has
   * @example await controller.links.revoke(id, { site: "shop" });
   */
  revoke(ids: string | readonly string[], options: RevokeLinkOptions): Promise<CommandResult>;
  /**
   * Returns the links that open the site, those of `"*"` included; without a site all of them. Expired ones are listed until they are
   * revoked.
   *
   * @throws `ERR_UNKNOWN_SITE`, `ERR_STORE_UNAVAILABLE`, `ERR_STATE_UNREADABLE`
   * @example const links = await controller.links.list("shop");
   */
  list(site?: string): Promise<readonly ListedLink[]>;
}

/** Access tokens for programs that use the admin. */
export interface TokenVerbs {
  /**
   * Creates a token. It is in the result and nowhere else: a hash of it is stored.
   *
   * @throws as `execute` does; `ERR_INVALID_TIME` for an `expires` that is past
   * @example const { token } = await controller.tokens.create({ name: "ci", may: ["view", "switch"], expires: "90d" });
   */
  create(token: NewToken): Promise<CreatedToken>;
  /**
   * Revokes a token by its id, several in a list, or all with `"*"`, with immediate effect.
   *
   * @throws `ERR_INVALID_COMMAND` for an id that no token has
   * @example await controller.tokens.revoke(id);
   */
  revoke(ids: string | readonly string[], options?: ChangeOptions): Promise<CommandResult>;
  /**
   * Returns all tokens. Expired ones are listed until they are revoked.
   *
   * @throws `ERR_STORE_UNAVAILABLE`, `ERR_STATE_UNREADABLE`
   */
  list(): Promise<readonly ListedToken[]>;
}

/** Sites that no configuration names. */
export interface SiteVerbs {
  /**
   * Adds a site; without hosts it is a group.
   *
   * @throws `ERR_INVALID_COMMAND` when there is such a site, `ERR_INVALID_HOST` when a host belongs to another
   * @example await controller.sites.add("blog", { hosts: ["blog.example"] });
   */
  add(id: string, site?: NewSite): Promise<CommandResult>;
  /**
   * Removes a site that was added.
   *
   * @throws `ERR_SITE_CONFIGURED` when the configuration names it, `ERR_CONFLICT` when it is no longer at `version`
   * @example await controller.sites.remove("blog");
   */
  remove(id: string, options?: RemoveSiteOptions): Promise<CommandResult>;
}

/** One method for each command: each is one `execute`. */
type Verbs = Pick<Controller, "close" | "open" | "edit" | "exemptions" | "links" | "tokens" | "sites">;

interface VerbContext {
  closeAndWait(command: CloseCommand, wait: unknown, by: Actor | string, authority?: Authority): Promise<WaitedClosure>;
  execute(command: Command, by: Actor | string, authority?: Authority): Promise<CommandResult>;
  /** The state as stored; with `sites`, at least their records. */
  load(sites?: readonly string[]): Promise<State>;
  /** Epoch milliseconds. */
  now(): number;
  /** Hosts by site id, from the configuration. */
  readonly configured: ReadonlyMap<string, readonly string[]>;
  /** The actor of changes that name no other. */
  readonly by: Actor | string;
}

/** Returns the methods: each makes a command of its arguments, and `execute` validates it. */
export function createVerbs({ execute, closeAndWait, load, now, configured, by: usual }: VerbContext): Verbs {
  function close(
    sites: SiteSelection,
    options: CloseOptions & { readonly wait: WaitOptions },
    authority?: Authority,
  ): Promise<WaitedClosure>;
  function close(sites: SiteSelection, options?: CloseOptions): Promise<CommandResult>;
  async function close(
    sites: SiteSelection,
    given?: CloseOptions & { readonly wait?: WaitOptions },
    authority?: Authority,
  ): Promise<CommandResult | WaitedClosure> {
    const { wait, ...options } = given ?? {};
    const fixed = { type: "close", sites: selectedSites("controller.close", sites, forAll("close")) } as const;
    if (wait === undefined) return await run("close", fixed, options);
    const { by = usual, ...settings } = options;
    return await closeAndWait({ ...settings, ...fixed }, wait, by, authority);
  }

  /** Executes the arguments of `verb` as a command. `fixed` are the members that the verb sets, which no option may replace. */
  function run(verb: string, fixed: object, given: ChangeOptions | undefined, authority?: Authority) {
    const { by = usual, ...settings } = given ?? {};
    const taken = Object.keys(fixed).find((name) => Object.hasOwn(settings, name));
    if (taken !== undefined) {
      throw new MaintenanceError("ERR_INVALID_COMMAND", `controller.${verb}: '${taken}' is no option.`, {
        hint: `Leave it out: it follows from the call of controller.${verb}().`,
      });
    }
    // A caller in JavaScript may pass anything: `execute` validates all of it.
    return execute({ ...settings, ...fixed } as Command, by, authority);
  }

  return {
    close,
    async open(sites, options) {
      return await run(
        "open",
        { type: "open", sites: selectedSites("controller.open", sites, forAll("open")) },
        options,
      );
    },
    async edit(site, settings) {
      return await run("edit", { type: "edit", site: oneSite("edit", site) }, settings);
    },
    exemptions: {
      async add(site, exemptions) {
        const fixed = { type: "add-exemptions", site: oneSite("exemptions.add", site) };
        return await run("exemptions.add", fixed, exemptions);
      },
      async remove(site, exemptions) {
        const fixed = { type: "remove-exemptions", site: oneSite("exemptions.remove", site) };
        return await run("exemptions.remove", fixed, exemptions);
      },
    },
    links: {
      async create({ site, label, expires = null, untilOpen = false, ...options }, authority) {
        const token = mintToken();
        const link = {
          id: mintId(),
          label,
          hash: hashToken(token),
          key: mintToken(),
          expires,
          ...(untilOpen && { untilOpen }),
        };
        const result = await run("links.create", { type: "add-link", site, link }, options, authority);
        return { ...result, id: link.id, token, query: `${ACCESS_PARAMETER}=${token}` };
      },
      async revoke(ids, options) {
        const links = selectedIds("links.revoke", ids, ", { site }");
        const { site, ...rest }: Partial<RevokeLinkOptions> = options ?? {};
        if (typeof site !== "string") throw withoutSite(ids);
        return await run("links.revoke", { type: "revoke-links", links, site }, rest);
      },
      async list(site) {
        const state = await load(site === undefined ? undefined : [site]);
        if (site !== undefined) requireKnown(site, knownSites(state, configured));
        const { records } = state;
        const of = site === undefined ? [...records.keys()] : [...new Set([ALL_SITES, site])];
        return of.flatMap((id) => {
          const record = records.get(id);
          if (record === undefined) return [];
          return recordAt(record, now()).links.map(({ hash: _hash, key: _key, ...link }) => ({ site: id, ...link }));
        });
      },
    },
    tokens: {
      async create({ name, may, sites, expires, ...options }) {
        const { secret, token } = mintAccessToken({ name, may, sites, expires });
        const result = await run("tokens.create", { type: "add-token", token }, options);
        return { ...result, id: token.id, token: secret };
      },
      async revoke(ids, options) {
        const fixed = { type: "revoke-tokens", tokens: selectedIds("tokens.revoke", ids) };
        return await run("tokens.revoke", fixed, options);
      },
      async list() {
        const { records } = await load([ALL_SITES]);
        return (records.get(ALL_SITES)?.access.tokens ?? []).map(({ hash: _hash, ...token }) => token);
      },
    },
    sites: {
      async add(id, site) {
        return await run("sites.add", { type: "add-site", site: id }, site);
      },
      async remove(id, options) {
        return await run("sites.remove", { type: "remove-site", site: id }, options);
      },
    },
  };
}

const forAll = (verb: string): string => `call controller.${verb}("*"); to release the store, controller.dispose()`;

/**
 * Returns the ids. Throws `ERR_INVALID_COMMAND` for no site: left out of a command, it means everything. `all` says how `caller` is
 * asked for everything.
 */
export function selectedSites(caller: string, sites: unknown, all: string): readonly string[] {
  if (typeof sites === "string" && sites !== "") return [sites];
  if (Array.isArray(sites) && sites.length > 0) return sites;
  throw new MaintenanceError("ERR_INVALID_COMMAND", `${caller}: ${nameOf(sites)} is no site.`, {
    hint: `Name a site, or several in a list. For everything ${all}.`,
  });
}

/** Returns the id. Throws `ERR_INVALID_COMMAND` if it is not text: left out of a command, it means every site. */
function oneSite(verb: string, site: unknown): string {
  if (typeof site === "string") return site;
  throw new MaintenanceError("ERR_INVALID_COMMAND", `controller.${verb}: ${nameOf(site)} is no site.`, {
    hint: `Name a site. For everything call controller.${verb}("*", …).`,
  });
}

/** Returns the ids; `undefined` for `"*"`, which in a command means all. Throws `ERR_INVALID_COMMAND` for no id. */
function selectedIds(
  verb: "links.revoke" | "tokens.revoke",
  ids: unknown,
  options = "",
): readonly string[] | undefined {
  if (ids === "*") return undefined;
  if (typeof ids === "string" && ids !== "") return [ids];
  if (Array.isArray(ids) && ids.length > 0) return ids;
  throw new MaintenanceError("ERR_INVALID_COMMAND", `controller.${verb}: ${nameOf(ids)} is no id.`, {
    hint: `Name an id, or several in a list. For all of them call controller.${verb}("*"${options}).`,
  });
}

/** The ids of links are unique within a site only. */
function withoutSite(ids: string | readonly string[]): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_COMMAND", "controller.links.revoke: the option 'site' is missing.", {
    hint: `Name the site whose link it is: controller.links.revoke(${JSON.stringify(ids)}, { site: "*" }); controller.links.list() shows the site of each link.`,
  });
}

function nameOf(value: unknown): string {
  return Array.isArray(value) ? "an empty list" : typeof value === "string" ? `'${value}'` : kindOf(value);
}
