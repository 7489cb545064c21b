import { ACCESS_PARAMETER, hashToken, mintToken } from "../bypass/access-token.ts";
import { keepAlive } from "../clock.ts";
import type { NormalOptions } from "../config/normal-options.ts";
import { normalizeOptions } from "../config/normalize-options.ts";
import type { MaintenanceOptions } from "../config/options.ts";
import { MaintenanceError } from "../errors.ts";
import { loadLinearRegExp } from "../rules/linear-regexp.ts";
import type { Actor } from "../state/actor.ts";
import { type End, resolveEnd } from "../state/end.ts";
import { ALL_SITES } from "../state/site-record.ts";
import { parseState, type State } from "../state/state.ts";
import type { HistoryQuery, Position, StateChange, Store } from "../stores/store.ts";
import { type Application, applyCommand, type Outcome } from "./apply/apply-command.ts";
import { knownSites } from "./apply/known-sites.ts";
import { mintAccessToken, mintId, type NewToken } from "./apply/mint-access-token.ts";
import { validateCommand } from "./apply/validate-command.ts";
import type { Command } from "./command.ts";

/** The only writer: turns commands into stored changes. Holds no state of its own. */
export interface Controller {
  /**
   * Carries out `command`, all of it or nothing. A change by another in the meantime is read, and the command applied to
   * what it left. Throws the code that the command breaks; `ERR_OVERRIDDEN` for a switch while an override stands; `ERR_CONFLICT` when
   * others keep coming first; `ERR_STORE_UNAVAILABLE` when the store did not answer: it may or may not have been written.
   */
  execute(command: Command, by: Actor, authority?: Authority): Promise<CommandResult>;
  /** What `execute` would do now. Writes nothing. Throws the same. */
  rehearse(command: Command, by: Actor, authority?: Authority): Promise<CommandResult>;
  /**
   * Makes a bypass link. Its token is in the result and nowhere else: what is stored is a hash. Throws as `execute` does.
   */
  createLink(request: NewLink, by: Actor, authority?: Authority): Promise<CreatedLink>;
  /**
   * Makes a token for the admin. It is in the result and nowhere else: what is stored is a hash. Throws as `execute` does.
   */
  createToken(request: NewToken, by: Actor): Promise<CreatedToken>;
  /** The state as stored. */
  state(): Promise<State>;
  /** What was done, newest first; 50 of them unless told otherwise. */
  history(query?: Partial<HistoryQuery>): Promise<readonly StateChange[]>;
  /** Where the state lives. */
  store(): Promise<Store>;
  /** Closes the store only when the controller made it. Idempotent. */
  close(): Promise<void>;
}

/** How far the rights of the caller reach, where that is not everything. */
export interface Authority {
  /**
   * The caller has rights on the sites that the command names, and none on everything: exemptions and links that the command adds do
   * not count while `*` or a group is closed too.
   * @default false
   */
  readonly limited?: boolean | undefined;
}

export interface NewLink {
  /** Left out: `*`, a way into every site. */
  readonly site?: string | undefined;
  /** For whom or what: it names the link in lists and in the history. */
  readonly label: string;
  /** A `Date`, an RFC 3339 time or a duration such as `2h`. @default null: until it is revoked */
  readonly expires?: End | null | undefined;
  /** It also ends when the site opens; refused with `ERR_INVALID_COMMAND` while it is open. @default false */
  readonly untilOpen?: boolean | undefined;
  readonly reason?: string | undefined;
}

export interface CreatedLink extends CommandResult {
  readonly id: string;
  /** A secret: it lets every holder in. */
  readonly token: string;
  /** What to add to an address of the site: `maintenance-access=…`. */
  readonly query: string;
}

export interface CreatedToken extends CommandResult {
  readonly id: string;
  /** A secret, for `Authorization: Bearer …`. */
  readonly token: string;
}

export interface CommandResult {
  readonly outcomes: readonly Outcome[];
  /** Where the state stands afterwards. */
  readonly position: Position;
}

/** What would have no effect while an override stands. */
const SWITCHES: ReadonlySet<Command["type"]> = new Set(["close", "open", "put-back"]);

/** Each lost round means that another change was accepted, so that a crowd of writers gets done; this bounds the unlucky one. */
const MAX_ATTEMPTS = 100;
/** Milliseconds that a commit waits after its second conflict, at most; doubled with each, up to the last. After the first it does not wait. */
const FIRST_PAUSE_MS = 10;
const LAST_PAUSE_MS = 500;

/** Makes a controller. Synchronous and inert. Throws `ERR_INVALID_OPTION` and its kin for options that are not in order. */
export function createController(options: MaintenanceOptions = {}): Controller {
  return controllerFor(normalizeOptions(options));
}

/** The same, for options that are complete. */
export function controllerFor(normal: NormalOptions): Controller {
  const configured = configuredSites(normal);
  let opening: Promise<Store> | null = null;

  async function open(): Promise<Store> {
    opening ??=
      normal.store === null ? import("#platform").then((it) => it.createDefaultStore()) : Promise.resolve(normal.store);
    return await opening;
  }

  async function load(sites?: readonly string[]): Promise<State> {
    // Patterns of every kind are checked when they are read or written: a record with a bad one is refused whole.
    await loadLinearRegExp();
    const store = await open();
    return parseState(await store.load({ sites }), store.capabilities.separateRecords);
  }

  /** What `command` has to see: of 100,000 sites the ones it names, if they are all known. */
  async function loadFor(command: Command): Promise<State> {
    const named = sitesNamedBy(command);
    const state = await load(named ?? undefined);
    const known = knownSites(state, configured);
    return named === null || named.every((id) => known.has(id)) ? state : await load();
  }

  function apply(state: State, command: Command, by: Actor, { limited }: Authority): Application {
    return applyCommand(state, command, { configured, now: normal.clock.now(), by, limited });
  }

  async function prepare(command: Command): Promise<Command> {
    await loadLinearRegExp();
    const valid = validateCommand(command);
    if (normal.override !== null && SWITCHES.has(valid.type)) {
      throw new MaintenanceError("ERR_OVERRIDDEN", `'${valid.type}' is refused: ${normal.override.where} decides.`);
    }
    return valid;
  }

  const controller: Controller = {
    async execute(command, by, authority = {}) {
      const valid = await prepare(command);
      const store = await open();
      for (let attempt = 1; ; attempt += 1) {
        const state = await loadFor(valid);
        const { outcomes, draft } = apply(state, valid, by, authority);
        if (draft === null) return { outcomes, position: state };
        const result = await store.commit(draft);
        if (result.ok) return { outcomes, position: result.position };
        if (namesVersion(valid) || attempt === MAX_ATTEMPTS) {
          throw new MaintenanceError("ERR_CONFLICT", `${store.name}: another change came first.`);
        }
        if (attempt > 1) await pauseAfter(attempt - 1, normal);
      }
    },
    async rehearse(command, by, authority = {}) {
      const valid = await prepare(command);
      const state = await loadFor(valid);
      return { outcomes: apply(state, valid, by, authority).outcomes, position: state };
    },
    async createLink({ site, label, expires = null, untilOpen = false, reason }, by, authority) {
      const token = mintToken();
      const ends = {
        expires: expires && resolveEnd(expires, normal.clock.now(), "expires"),
        ...(untilOpen && { untilOpen }),
      };
      const link = { id: mintId(), label, hash: hashToken(token), key: mintToken(), ...ends };
      const result = await controller.execute({ type: "add-link", site, link, reason }, by, authority);
      return { ...result, id: link.id, token, query: `${ACCESS_PARAMETER}=${token}` };
    },
    async createToken(request, by) {
      const { secret, token } = mintAccessToken(request, normal.clock.now());
      const result = await controller.execute({ type: "add-token", token, reason: request.reason }, by);
      return { ...result, id: token.id, token: secret };
    },
    state: () => load(),
    async history(query = {}) {
      return await (await open()).history({ limit: 50, ...query });
    },
    store: open,
    async close() {
      if (normal.store === null && opening !== null) await (await opening).close();
    },
  };
  return controller;
}

/** With jitter: writers that have met once must not meet again at the same moment. */
function pauseAfter(failures: number, { clock, random }: NormalOptions): Promise<void> {
  const most = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LAST_PAUSE_MS);
  return keepAlive(new Promise((resolve) => clock.setTimer(resolve, random() * most)));
}

/** A command that names a version must not be repeated on the next version. */
function namesVersion(command: Command): boolean {
  return "version" in command && command.version !== undefined;
}

/** The sites whose records are all that `command` looks at; `null`: it looks at every site's hosts. */
function sitesNamedBy(command: Command): readonly string[] | null {
  switch (command.type) {
    case "close":
    case "open":
      return command.sites ?? [ALL_SITES];
    case "edit":
      return command.settings.hosts === undefined ? [command.site] : null;
    case "add-site":
      return null;
    case "remove-site":
      return [command.site];
    case "put-back":
      return command.records.map(({ site }) => site);
    case "add-token":
      return [ALL_SITES, ...(command.token.sites ?? [])];
    case "revoke-tokens":
    case "begin-sessions":
    case "end-session":
    case "end-sessions":
      return [ALL_SITES];
    default:
      return [command.site ?? ALL_SITES];
  }
}

function configuredSites({ sites, groups }: NormalOptions): ReadonlyMap<string, readonly string[]> {
  return new Map([...groups.map((id): [string, readonly string[]] => [id, []]), ...sites]);
}
