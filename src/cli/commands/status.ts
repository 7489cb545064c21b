import type { Command } from "commander";
import type { AdminClient } from "../../admin/remote/admin-client.ts";
import type { NormalOptions } from "../../config/normal-options.ts";
import { CONFIGURATION } from "../../config/normalize-options.ts";
import { requireKnown } from "../../control/apply/known-sites.ts";
import { describeHolder, type HeldView } from "../../control/barrier/held.ts";
import { isAbandoned } from "../../control/barrier/is-abandoned.ts";
import { type ChangesBySite, findClosing, findReason } from "../../control/views/recorded-change.ts";
import { type WayIn, wayInWords, waysIn } from "../../control/views/ways-in.ts";
import { plainPage } from "../../engine/answer/plain-page.ts";
import { inForce } from "../../engine/decide/in-force.ts";
import { compilePolicy } from "../../engine/snapshot/policy.ts";
import { compileSnapshot, type Snapshot } from "../../engine/snapshot/snapshot.ts";
import type { MaintenanceError } from "../../errors.ts";
import { parseInstant } from "../../state/instant.ts";
import type { Mode } from "../../state/mode.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import type { StateChange } from "../../stores/store.ts";
import { formatCount, listSome } from "../../text/list.ts";
import { plain, shorten } from "../../text/quote.ts";
import { capitalize, siteSubject } from "../../text/site-name.ts";
import { addExamples } from "../input/definition.ts";
import { summarizeFollowers } from "../output/describe-effect.ts";
import { describeFleet } from "../output/fleet-table.ts";
import { formatTable } from "../output/format-table.ts";
import { withProject } from "../project/project.ts";
import { hostsBySite, readRecentChanges, recordNow, recordsForAll } from "../project/read-state.ts";
import type { Perform, Report, Session } from "../session.ts";
import { formatDistance, formatShortTime } from "../times/format-time.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("status")
    .description(
      "Shows which sites are closed, with the end and the author of each closure. Exit code: 0 if all are open, 2 if some are not, 1 for an error.",
    )
    .argument("[site...]", "ids; default: every known site")
    .option("--ignore-missing", "skips unknown sites")
    .option("--fleet", "also lists the processes that follow the state");
  command.action((sites: readonly string[], options: StatusOptions) =>
    perform(command, (session) => showStatus(session, sites, options)),
  );
  addExamples(command, [
    ["status", "see every site"],
    ["status shop && ./deploy.sh", "deploy only if the shop is open"],
    ["status --fleet", "see which processes have applied the state"],
    ["status --json", "for a program"],
  ]);
}

interface StatusOptions {
  readonly ignoreMissing?: boolean;
  readonly fleet?: boolean;
}

interface SiteView {
  readonly id: string;
  readonly hosts: readonly string[];
  /** The strictest mode anywhere on the site, including the effect of `*` and the groups. */
  readonly mode: Mode;
  /** The site whose closure it is. */
  readonly closedBy: string | null;
  readonly until: string | null;
  readonly since: string | null;
  readonly by: string | null;
  readonly reason: string;
  readonly message: string;
  readonly only: readonly string[];
  readonly lockdown: boolean;
  /** The rules of records that let requests in while it is closed; those of the configuration are listed once, beside the sites. */
  readonly exempt: readonly WayIn[];
  /** The reason why its record cannot be read: then its mode is unknown here. */
  readonly unreadable: string | null;
}

const MAX_MESSAGE_LENGTH = 60;
/** Maximum number of closures that are described below the table. */
const MAX_CLOSURES = 5;
/** Maximum number of rows if no site is named. */
const MAX_ROWS = 100;

async function showStatus(
  session: Session,
  asked: readonly string[],
  { ignoreMissing = false, fleet: showsFleet = false }: StatusOptions,
): Promise<Report> {
  return await withProject(session, async (project) => {
    const { controller, options, fleet, admin } = project;
    const { now, timeZone } = session.time;
    const state = await controller.state();
    const snapshot = snapshotOf(state, options, now);
    const known = hostsBySite(state, options);
    const ids = asked.length === 0 ? [...known.keys()] : asked.filter((id) => known.has(id) || !ignoreMissing);
    const names = new Set(known.keys());
    for (const id of ids) requireKnown(id, names);
    const history = await readRecentChanges(controller);
    const waysOf = (id: string): readonly WayIn[] =>
      waysIn(recordNow(state, id, now), recordsForAll(state, options, now), options);
    const isConfigured = ({ source }: WayIn): boolean => source === CONFIGURATION;
    const views = [...new Set(ids)].map((id) => ({
      ...viewOf(id, known.get(id) ?? [], snapshot, history, now),
      exempt: snapshot.sites.get(id)?.mode === "open" ? [] : waysOf(id).filter((way) => !isConfigured(way)),
      ...unreadableView(state.unreadable.get(id)),
    }));
    const shown = asked.length === 0 ? mostRelevant(views) : views;
    const { name: store, current } = await controller.store();
    const override = options.override?.where ?? null;
    const { lineage, version } = state;
    const followers = await fleet.look(state);
    const words = { store, program: session.program };
    const held = await fleet.holds();
    const health = admin === null ? null : await serverHealth(admin, session);
    return {
      json: {
        store,
        ...(current !== undefined && { current }),
        ...(admin && { url: admin.url }),
        ...health?.json,
        lineage,
        version,
        empty: lineage === "",
        override,
        held,
        configured: waysOf(ALL_SITES).filter(isConfigured),
        sites: views,
        fleet: followers,
      },
      text: [
        tableOf(shown, session),
        ...(shown.length === views.length ? [] : [rest(views, shown)]),
        ...reasons(shown, session),
        ...closures(shown, waysOf, session),
        ...(held.length === 0 ? [] : ["", ...held.map((it) => holdLine(it, session))]),
        "",
        ...(showsFleet ? [...describeFleet(followers, words, session.style), ""] : []),
        `Store: ${store}, version ${version}. Times are in ${timeZone}.`,
        ...(showsFleet ? [] : summarizeFollowers(followers, words)),
        ...(lineage === "" ? ["The store is empty: never written, or lost."] : []),
        ...(current === undefined || current === store ? [] : [`Read from ${current}.`]),
        ...(admin === null ? [] : [`Admin: ${admin.url}`]),
        ...(override === null ? [] : [`Override: ${override} decides, whatever is stored.`]),
        ...(health?.text ?? []),
      ].join("\n"),
      exitCode: views.every(isOpen) ? 0 : 2,
    };
  });
}

/** Names the holder, and what to do if it may have crashed. */
function holdLine(held: HeldView, { program }: Session): string {
  const line = `${held.sites.join(", ")}: held by ${describeHolder(held)}.`;
  if (!isAbandoned(held)) return line;
  const sites = held.sites.map((id) => (id === ALL_SITES ? "'*'" : id)).join(" ");
  return `${line} If it no longer runs: ${program} off ${sites} --anyway, or \`run --take-over\` to begin again.`;
}

/** Returns facts that only the process of the server knows. */
async function serverHealth(
  admin: AdminClient,
  { time }: Session,
): Promise<{ readonly json: object; readonly text: readonly string[] }> {
  const { readHealth } = await import("../../admin/remote/answers.ts");
  const { guessLimitReached, ignoredProxies, missedByMiddleware } = await admin.get("health", {}, readHealth);
  const seen = { guessLimitReached, ignoredProxies, missedByMiddleware };
  const { seenByServer } = await import("../doctor/examine-admin.ts");
  const findings = seenByServer(seen, time);
  const text = findings.map(({ message, hint }) => `Warning: ${message}. ${hint}`);
  return { json: findings.length === 0 ? {} : seen, text };
}

/** Returns the snapshot of a gate that starts now, from which the mode for visitors follows. */
function snapshotOf(state: State, options: NormalOptions, now: number): Snapshot {
  const { sites: configured, groups } = options;
  const policy = compilePolicy(options, plainPage);
  const records = new Map([...state.records, ...state.closedInstead]);
  return compileSnapshot({ ...state, records }, { policy, configured, groups, lookAtEach: false }, now);
}

/** Returns the fault, without start and author of the closure: they are in the record that cannot be read. */
function unreadableView(
  error: MaintenanceError | undefined,
): Pick<SiteView, "unreadable"> & Partial<Pick<SiteView, "since" | "by">> {
  return error === undefined ? { unreadable: null } : { unreadable: error.message, since: null, by: null };
}

function viewOf(
  id: string,
  hosts: readonly string[],
  snapshot: Snapshot,
  history: ChangesBySite,
  now: number,
): Omit<SiteView, "exempt" | "unreadable"> {
  const { mode, only, closure, lockdown } = inForce(snapshot, id, "anywhere", now);
  const record = closure?.record;
  const closing = record === undefined ? null : findClosing(record.id, history);
  return {
    id,
    hosts,
    mode,
    closedBy: record?.id ?? null,
    until: record?.until ?? null,
    ...startOf(record, closing, history),
    message: record?.notice.message ?? "",
    only,
    lockdown,
  };
}

/** Returns the start from the history; if it does not reach back that far, from the last change. */
function startOf(
  record: SiteRecord | undefined,
  closing: StateChange | null,
  history: ChangesBySite,
): Pick<SiteView, "since" | "by" | "reason"> {
  const start = closing ?? record?.changed ?? null;
  const reason =
    record !== undefined && closing !== null ? findReason(record.id, closing, history) : (start?.reason ?? "");
  return { since: start?.at ?? null, by: start?.by.label ?? null, reason };
}

/** Returns the first rows: `*`, sites with their own closure, sites closed by others, open sites. */
function mostRelevant(views: readonly SiteView[]): readonly SiteView[] {
  const rank = ({ id, closedBy, unreadable }: SiteView): number =>
    id === ALL_SITES ? 3 : closedBy === id || unreadable !== null ? 2 : closedBy ? 1 : 0;
  if (views.length <= MAX_ROWS) return views;
  return views.toSorted((a, b) => rank(b) - rank(a)).slice(0, MAX_ROWS);
}

function isOpen({ mode, unreadable }: SiteView): boolean {
  return mode === "open" && unreadable === null;
}

function reasons(views: readonly SiteView[], { program }: Session): readonly string[] {
  const lines = views.flatMap(({ unreadable }) => (unreadable === null ? [] : [capitalize(unreadable)]));
  return lines.length === 0
    ? []
    : [
        "",
        ...lines,
        `A gate that has read the record before keeps it; a gate that starts now closes the site. See: ${program} doctor`,
      ];
}

/** Returns, for each site that is closed by its own switch, the reason and the exemptions. */
function closures(
  views: readonly SiteView[],
  waysOf: (id: string) => readonly WayIn[],
  { style }: Session,
): readonly string[] {
  const closed = views.filter(({ id, closedBy, unreadable }) => id === closedBy && unreadable === null);
  return closed.slice(0, MAX_CLOSURES).flatMap(({ id, reason }) => {
    const ways = listSome(waysOf(id).map((way) => wayInWords(way, id)));
    return [
      "",
      `${style.strong(siteSubject(id))}${reason === "" ? "" : `: ${plain(reason)}`}`,
      ways === "" ? "  Nothing is let in." : `  Still let in: ${ways}.`,
    ];
  });
}

function rest(views: readonly SiteView[], shown: readonly SiteView[]): string {
  const open = views.filter(isOpen).length - shown.filter(isOpen).length;
  const more = views.length - shown.length;
  const counts = `${formatCount(open)} open, ${formatCount(more - open)} not open`;
  return `${formatCount(more)} more sites: ${counts}. Name one, or add --json.`;
}

function tableOf(views: readonly SiteView[], { style, time }: Session): string {
  const head = ["Site", "Mode", "Until", "Since", "By", "Message"].map((title) => style.faint(title));
  const rows = views.map((view) => [
    view.id === ALL_SITES ? "* (everything)" : view.id,
    view.unreadable === null ? style.mode(view.mode, modeWords(view)) : style.bad("cannot be read"),
    untilWords(view, time.now, time.timeZone),
    view.since === null ? "" : formatShortTime(parseInstant(view.since), time.timeZone),
    plain(view.by ?? ""),
    shorten(view.message, MAX_MESSAGE_LENGTH),
  ]);
  return formatTable(head, rows);
}

function modeWords({ id, mode, closedBy, only, lockdown }: SiteView): string {
  const remarks = [
    ...(closedBy === null || closedBy === id ? [] : [`with ${closedBy}`]),
    ...(only.length === 0 ? [] : [`only ${only.join(", ")}`]),
    ...(lockdown ? ["lockdown"] : []),
  ];
  return remarks.length === 0 ? mode : `${mode} (${remarks.join("; ")})`;
}

function untilWords({ until, closedBy, unreadable }: SiteView, now: number, timeZone: string): string {
  if (until === null) return closedBy === null || unreadable !== null ? "" : "opened by hand";
  const time = parseInstant(until);
  return `${formatShortTime(time, timeZone)} (${formatDistance(time, now)})`;
}
