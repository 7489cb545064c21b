import type { Command } from "commander";
import type { Outcome } from "../../control/apply/apply-command.ts";
import { requireKnown } from "../../control/apply/known-sites.ts";
import type { BaseController } from "../../control/controller.ts";
import { outcomeView, type RecordView, recordView } from "../../control/views/record-view.ts";
import { MaintenanceError } from "../../errors.ts";
import { recordAt } from "../../schedule/timetable.ts";
import { parseInstant } from "../../state/instant.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import { formatList } from "../../text/list.ts";
import { plain, quote } from "../../text/quote.ts";
import { siteName } from "../../text/site-name.ts";
import { parseEnd } from "../input/closure-options.ts";
import { addChangeOptions, addExamples } from "../input/definition.ts";
import { NOTHING_WRITTEN } from "../output/describe-closure.ts";
import { formatTable } from "../output/format-table.ts";
import type { ChangeOptions } from "../project/change-project.ts";
import { withProject } from "../project/project.ts";
import { hostsBySite } from "../project/read-state.ts";
import type { Perform, Report, Session } from "../session.ts";
import { formatShortTime, formatTime } from "../times/format-time.ts";

export function define(program: Command, perform: Perform): void {
  const link = program
    .command("link")
    .helpCommand(false)
    .description("Creates, lists and revokes bypass links. Anyone who has a link gets in.");
  addExamples(link, [
    ['link create --label "QA" --expires 2h --site shop', "a link into the shop for two hours"],
    ["link list", "see every link"],
    ["link revoke 3kT9_xQa", "revoke one, by its id"],
  ]);

  const create = link
    .command("create")
    .description("Creates a link and prints it once: only a hash of it is stored.")
    .requiredOption("--label <text>", "the recipient or purpose, shown in lists and in the history")
    .option("--expires <when>", "when it expires: 2h, 22:00, 'tomorrow 03:00 Europe/Berlin'; default: never")
    .option("--until-open", "it ends when the site opens; it must be closed now")
    .option("--site <id>", "the site that it opens; default: *, every site")
    .option("--reason <text>", "the reason, shown in the history");
  create.action((options: NewLinkOptions) => perform(create, (session) => createLink(session, options)));
  addExamples(create, [
    ['link create --label "QA" --expires 2h --site shop', "for one site, for two hours"],
    ['link create --label "Customer" --expires "monday 06:00"', "for every site, until Monday"],
    ['link create --label "QA" --site shop --until-open', "for this closure of the shop"],
  ]);

  const list = link
    .command("list")
    .description("Lists links, without their secrets.")
    .argument("[site...]", "ids: only links that open one of these sites; default: all links");
  list.action((sites: readonly string[]) => perform(list, (session) => listLinks(session, sites)));
  addExamples(list, [
    ["link list", "every link"],
    ["link list shop", "those that open the shop"],
  ]);

  const revoke = addChangeOptions(
    link
      .command("revoke")
      .description("Revokes links, and every cookie that was issued for them.")
      .argument("[id...]", "as `link list` shows them")
      .option("--all", "all links; with --site, all links of that site")
      .option("--site <id>", "only links of this site; default: every site"),
    // An id may begin with a hyphen. A misspelt option is therefore refused as a link that does not exist.
  ).allowUnknownOption();
  revoke.action((ids: readonly string[], options: RevokeOptions) =>
    perform(revoke, (session) => revokeLinks(session, ids, options)),
  );
  addExamples(revoke, [
    ["link revoke 3kT9_xQa", "one, by its id"],
    ["link revoke --all --site shop", "all links of the shop"],
  ]);
}

interface NewLinkOptions {
  readonly label: string;
  readonly expires?: string;
  readonly untilOpen?: boolean;
  readonly site?: string;
  readonly reason?: string;
}

interface RevokeOptions extends ChangeOptions {
  readonly all?: boolean;
  readonly site?: string;
}

/** A link with the site that it opens, without its secrets. */
type LinkView = { readonly site: string } & RecordView["links"][number];

async function createLink(session: Session, options: NewLinkOptions): Promise<Report> {
  const { label, reason, site = ALL_SITES, untilOpen } = options;
  return await withProject(session, async ({ controller, options: normal }) => {
    const end = await parseEnd({ until: options.expires ?? "never" }, session.time);
    const expires = end?.until ?? null;
    const link = { site, label, expires, untilOpen, reason };
    const made = await controller.links.create({ ...link, by: session.context.by });
    const { id, query, outcomes, position } = made;
    const hosts = new Set([...(normal.sites.get(site) ?? []), ...(outcomes[0]?.after?.hosts ?? [])]);
    const urls = [...hosts].filter(isPublic).map((host) => `https://${host}/?${query}`);
    const remarks = end?.remark ? [end.remark] : [];
    const time = { ...session.time, timeZone: end?.timeZone ?? session.time.timeZone };
    const where = site === ALL_SITES ? "any site" : site;
    const addresses =
      urls.length === 0
        ? [`  ?${query}`, `Add it to any address of ${where}.`]
        : [...urls.map((url) => `  ${url}`), `Any other address of ${where} with the same query works too.`];
    return {
      json: {
        command: "link create",
        id,
        site,
        label,
        expires,
        untilOpen: untilOpen === true,
        query,
        urls,
        remarks,
        version: position.version,
      },
      text: [
        `Anyone who has this link (${quote(label)}) gets into ${siteName(site)} while it is closed:`,
        ...addresses,
        endSentence(expires === null ? null : formatTime(parseInstant(expires), time), untilOpen === true),
        ...remarks,
        "It is shown only this once: the store keeps a hash of it.",
        `To revoke it: ${session.program} link revoke ${id}`,
      ].join("\n"),
    };
  });
}

/** Lists the links that open any of `sites`; every link if `sites` is empty. */
async function listLinks(session: Session, sites: readonly string[]): Promise<Report> {
  return await withProject(session, async ({ controller, options }) => {
    const state = await controller.state();
    const known = new Set(hostsBySite(state, options).keys());
    for (const site of sites) requireKnown(site, known);
    const { now, timeZone } = session.time;
    const links = linksOf(state, now).filter(
      ({ site }) => sites.length === 0 || site === ALL_SITES || sites.includes(site),
    );
    const rows = links.map(({ id, site, label, expires, untilOpen, created: { at, by } }) => {
      const end = expires === null ? null : parseInstant(expires);
      const moment = end === null ? [] : [formatShortTime(end, timeZone)];
      const until = [...moment, ...(untilOpen === true ? ["when it opens"] : [])].join(", or ") || "when revoked";
      const made = `${formatShortTime(parseInstant(at), timeZone)} by ${plain(by.label)} (${by.kind})`;
      return [id, site, plain(label), end !== null && end <= now ? `${until} (expired)` : until, made];
    });
    const head = ["Id", "Site", "Label", "Expires", "Made"].map(session.style.faint);
    const none = `There is no link. To create one: ${session.program} link create --label LABEL --expires 2h`;
    return { json: { links }, text: rows.length === 0 ? none : `${formatTable(head, rows)}\nTimes: ${timeZone}` };
  });
}

/** Revokes links, one site after the other. */
async function revokeLinks(session: Session, ids: readonly string[], options: RevokeOptions): Promise<Report> {
  const { all = false, dryRun = false, reason, site } = options;
  requireOne(ids, all);
  return await withProject(session, async ({ controller }) => {
    const execute = controller[dryRun ? "rehearse" : "execute"];
    const found =
      site === undefined
        ? await findLinks(controller, ids, all, session.time.now)
        : { version: 0, links: new Map([[site, ids]]) };
    const outcomes: Outcome[] = [];
    let { version } = found;
    for (const [id, links] of found.links) {
      // All of them, also if there is none: the site's cookies become invalid too.
      const command = { type: "revoke-links", site: id, links: all ? undefined : links, reason } as const;
      const result = await execute(command, session.context.by);
      outcomes.push(...result.outcomes);
      version = result.position.version;
    }
    return {
      json: { command: "link revoke", dryRun, outcomes: outcomes.map(outcomeView), version },
      text: [
        ...(dryRun ? [NOTHING_WRITTEN] : []),
        ...(outcomes.length === 0 ? ["There is no link: nothing changed."] : outcomes.map(tell)),
      ].join("\n"),
    };
  });
}

interface FoundLinks {
  /** Version of the state. */
  readonly version: number;
  /** Ids by site. */
  readonly links: ReadonlyMap<string, readonly string[]>;
}

/** Finds the links to revoke, with a read of every record. Throws `ERR_INVALID_COMMAND` for a link that does not exist. */
async function findLinks(
  controller: BaseController,
  ids: readonly string[],
  all: boolean,
  now: number,
): Promise<FoundLinks> {
  const state = await controller.state();
  const there = linksOf(state, now);
  for (const id of ids) requireThere(id, there);
  const chosen = there.filter(({ id }) => all || ids.includes(id));
  const sites = new Set(chosen.map(({ site }) => site));
  const links = [...sites].map((id) => [id, chosen.filter(({ site }) => site === id).map((link) => link.id)] as const);
  return { version: state.version, links: new Map(links) };
}

/** Whether a URL can be made from the host: a host of this machine is served without TLS, on an unknown port. */
function isPublic(host: string): boolean {
  return !host.startsWith("*") && !/(^|\.)localhost$/.test(host);
}

function linksOf({ records }: State, now: number): readonly LinkView[] {
  return [...records.values()].flatMap((record) =>
    recordView(recordAt(record, now)).links.map((it) => ({ site: record.id, ...it })),
  );
}

function endSentence(time: string | null, untilOpen: boolean): string {
  const ends = [...(time === null ? [] : [time]), ...(untilOpen ? ["it opens"] : [])];
  return `Until ${ends.join(", or until ") || "it is revoked"}.`;
}

function requireOne(ids: readonly string[], all: boolean): void {
  if (ids.length > 0 !== all) return;
  const message = all ? "Ids of links and --all are both given." : "No id of a link is given.";
  throw new MaintenanceError("ERR_INVALID_COMMAND", message, {
    hint: "Give ids from `link list`, or --all.",
  });
}

function requireThere(id: string, links: readonly LinkView[]): void {
  if (links.some((link) => link.id === id)) return;
  const there = links.map((link) => `${link.id} (${link.site}, ${quote(link.label)})`).join(", ");
  throw new MaintenanceError("ERR_INVALID_COMMAND", `There is no link '${id}'.`, {
    hint: there === "" ? "There are no links." : `Existing links: ${there}.`,
  });
}

function tell({ site, before, after }: Outcome): string {
  const left = new Set(after?.links.map(({ id }) => id));
  const gone = (before?.links ?? []).filter(({ id }) => !left.has(id));
  const names = formatList(gone.map(({ id, label }) => `${id} (${quote(label)})`));
  return names === ""
    ? `No link opens ${siteName(site)}, and every bypass cookie of it is invalid.`
    : `No longer let into ${siteName(site)}: ${names}, and the cookies that were issued for it.`;
}
