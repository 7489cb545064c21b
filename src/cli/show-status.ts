import type { NormalOptions } from "../config/normal-options.ts";
import { requireKnown } from "../control/known-sites.ts";
import { formatCount } from "../control/list-some.ts";
import { plain, shorten } from "../control/quote.ts";
import { type ChangesBySite, findClosing } from "../control/recorded-change.ts";
import { plainPage } from "../engine/plain-page.ts";
import { compilePolicy } from "../engine/policy.ts";
import { compileSnapshot, type Snapshot } from "../engine/snapshot.ts";
import { strictestClosure } from "../engine/strictest-closure.ts";
import { parseInstant } from "../state/instant.ts";
import type { Mode } from "../state/mode.ts";
import { ALL_SITES, type SiteRecord } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import type { StateChange } from "../stores/store.ts";
import { formatTable } from "./format-table.ts";
import { formatDistance, formatShortTime } from "./format-time.ts";
import { withProject } from "./project.ts";
import { readClosings } from "./read-closings.ts";
import type { Report, Session } from "./session.ts";
import { hostsBySite } from "./site-hosts.ts";
import { capitalize } from "./site-name.ts";

interface SiteView {
  readonly id: string;
  readonly hosts: readonly string[];
  /** What visitors meet: what `*` and the groups bring is counted. */
  readonly mode: Mode;
  /** The site whose closure that is. */
  readonly closedBy: string | null;
  readonly until: string | null;
  readonly since: string | null;
  readonly by: string | null;
  readonly reason: string;
  readonly message: string;
  readonly only: readonly string[];
  readonly lockdown: boolean;
  /** Why its record cannot be read: its mode is unknown here. */
  readonly unreadable: string | null;
}

const LONGEST_MESSAGE = 60;
/** Of sites that nobody has named. */
const LONGEST_TABLE = 100;

/** What `status` does. */
export async function showStatus(session: Session, asked: readonly string[], ignoreMissing: boolean): Promise<Report> {
  return await withProject(session, async ({ controller, options, admin }) => {
    const { now, timeZone } = session.time;
    const state = await controller.state();
    const snapshot = snapshotOf(state, options, now);
    const known = hostsBySite(state, options);
    const ids = asked.length === 0 ? [...known.keys()] : asked.filter((id) => known.has(id) || !ignoreMissing);
    const names = new Set(known.keys());
    for (const id of ids) requireKnown(id, names);
    const history = await readClosings(controller);
    const views = [...new Set(ids)].map((id) => ({
      ...viewOf(id, known.get(id) ?? [], snapshot, history, now),
      unreadable: state.unreadable.get(id)?.message ?? null,
    }));
    const shown = asked.length === 0 ? mostTelling(views) : views;
    const { name: store, current } = await controller.store();
    const override = options.override?.where ?? null;
    const { lineage, version } = state;
    return {
      json: {
        store,
        ...(current !== undefined && { current }),
        ...(admin && { url: admin.url }),
        lineage,
        version,
        override,
        sites: views,
      },
      text: [
        tableOf(shown, session),
        ...(shown.length === views.length ? [] : [rest(views, shown)]),
        ...reasons(shown, session),
        "",
        `Store: ${store}, version ${version}. Times are in ${timeZone}.`,
        ...(current === undefined || current === store ? [] : [`Read from ${current}.`]),
        ...(admin === null ? [] : [`Admin: ${admin.url}`]),
        ...(override === null ? [] : [`Override: ${override} decides, whatever is stored.`]),
      ].join("\n"),
      exitCode: views.every(isOpen) ? 0 : 2,
    };
  });
}

/** As a gate compiles it: what visitors meet follows from it. */
function snapshotOf(state: State, options: NormalOptions, now: number): Snapshot {
  const { sites: configured, groups } = options;
  const policy = compilePolicy(options, plainPage);
  return compileSnapshot(state, { policy, configured, groups, lookAtEach: false }, now);
}

function viewOf(
  id: string,
  hosts: readonly string[],
  snapshot: Snapshot,
  history: ChangesBySite,
  now: number,
): Omit<SiteView, "unreadable"> {
  const site = snapshot.sites.get(id) ?? null;
  const { override } = snapshot.policy;
  // Without a path: a site of which only a part is closed is not open.
  const closure = override === null ? strictestClosure(snapshot, site, null, now) : "open";
  const found = typeof closure === "string" ? null : closure;
  const record = found?.site.record;
  const closing = record === undefined ? null : findClosing(record.id, history);
  return {
    id,
    hosts,
    mode: override?.mode ?? found?.mode ?? "open",
    closedBy: record?.id ?? null,
    until: record?.until ?? null,
    ...startOf(record, closing),
    message: record?.notice.message ?? "",
    only: record?.paths ?? [],
    lockdown: found?.lockdown ?? false,
  };
}

/** By the history; where that does not reach back, by the last change. */
function startOf(
  record: SiteRecord | undefined,
  closing: StateChange | null,
): Pick<SiteView, "since" | "by" | "reason"> {
  const start = closing ?? record?.changed ?? null;
  return { since: start?.at ?? null, by: start?.by.label ?? null, reason: start?.reason ?? "" };
}

/** `*`, and what is closed for a reason of its own, before what is closed with others and what is open. */
function mostTelling(views: readonly SiteView[]): readonly SiteView[] {
  const rank = ({ id, closedBy, unreadable }: SiteView): number =>
    id === ALL_SITES ? 3 : closedBy === id || unreadable !== null ? 2 : closedBy ? 1 : 0;
  if (views.length <= LONGEST_TABLE) return views;
  return views.toSorted((a, b) => rank(b) - rank(a)).slice(0, LONGEST_TABLE);
}

function isOpen({ mode, unreadable }: SiteView): boolean {
  return mode === "open" && unreadable === null;
}

function reasons(views: readonly SiteView[], { program }: Session): readonly string[] {
  const lines = views.flatMap(({ unreadable }) => (unreadable === null ? [] : [capitalize(unreadable)]));
  return lines.length === 0 ? [] : ["", ...lines, `What was read of it before holds in gates. See: ${program} doctor`];
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
    shorten(view.message, LONGEST_MESSAGE),
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

function untilWords({ until, closedBy }: SiteView, now: number, timeZone: string): string {
  if (until === null) return closedBy === null ? "" : "opened by hand";
  const time = parseInstant(until);
  return `${formatShortTime(time, timeZone)} (${formatDistance(time, now)})`;
}
