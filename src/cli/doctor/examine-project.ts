import { join } from "node:path";
import { findProjectRoot } from "../../config/project-root.ts";
import { exemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { robotsWarning } from "../../control/views/robots-warning.ts";
import { isForPeople, wayInWords, waysIn, waysOfRecord } from "../../control/views/ways-in.ts";
import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import { findHostConflict } from "../../rules/hosts/site-lookup.ts";
import { formatInstant, parseInstant } from "../../state/instant.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import type { Store } from "../../stores/store.ts";
import { listSome } from "../../text/list.ts";
import { siteName } from "../../text/site-name.ts";
import { toCliError } from "../output/cli-error.ts";
import { findFramework, readManifest } from "../project/framework.ts";
import type { Project } from "../project/project.ts";
import { hostsBySite, recordNow, recordsForAll } from "../project/read-state.ts";
import type { Session } from "../session.ts";
import { formatTime } from "../times/format-time.ts";
import { examineFleet, examineListWriting } from "./examine-fleet.ts";
import { examineTemplate } from "./examine-template.ts";

/** Clocks that are synchronised by NTP differ by less. */
export const MAX_SKEW_MS = 60_000;

/** Number of records up to which a process that reads them from one text pauses for less than 10 ms. */
const MAX_IN_ONE_TEXT = 10_000;

const LOST =
  "Before the first switch this is normal. If sites were closed, restore the store, or close them again; docs/stores-faults.md of this package lists the deploys that lose it.";

/** Returns the findings of all checks that change nothing. */
export async function examineProject(project: Project, session: Session): Promise<readonly Finding[]> {
  const { controller } = project;
  const { context } = session;
  const store = await controller.store();
  const state = await attempt("stored state", async () => controller.state());
  return [
    configuration(project, store),
    override(project),
    reach(store),
    ...((await store.examine?.()) ?? []),
    ...("records" in state ? examineState(store, state, project, session) : [state]),
    ...("records" in state ? await examineRouting(state, project, session) : []),
    ...("records" in state ? await examineRobots(state, project, session) : []),
    ...("records" in state ? await examineHistory(project) : []),
    await examineWriting(store, session),
    ...(await examineFleet(project, session)),
    ...(await examineListWriting(store)),
    ...(await examineTemplate(project, [context.cwd, findProjectRoot(context.cwd)], session.time.now)),
  ];
}

/** The default store depends on the working directory: processes that are started in two folders use two stores. */
function configuration({ configFile }: Project, { name }: Store): Finding {
  if (configFile !== null) return okFinding("configuration", configFile);
  const message = `no file, so the defaults apply: an application that is started in another folder may read another state than ${name}`;
  return warnFinding("configuration", message, "Write a configuration that names the store: npx maintenance-mode init");
}

function override({ options }: Project): Finding {
  if (options.override === null) return okFinding("override", "none: the stored state applies");
  const { where } = options.override;
  return warnFinding("override", `${where} decides, and every switch is refused`, "Remove it to switch by command.");
}

function reach({ name, capabilities }: Store): Finding {
  if (capabilities.shared) return okFinding("store", name);
  const hint = "Name a store that the application and this command line share, such as fileStore().";
  return warnFinding("store", `no other process sees ${name}: a switch from here does not reach the application`, hint);
}

function examineState(store: Store, state: State, project: Project, { time, context }: Session): readonly Finding[] {
  const { version, lineage, records } = state;
  const changes = [...records.values()].flatMap(({ changed }) => (changed === null ? [] : [parseInstant(changed.at)]));
  const latest = Math.max(0, ...changes);
  return [
    lineage === ""
      ? warnFinding("stored state", `${store.name} is empty: never written, or lost`, LOST)
      : okFinding("stored state", `version ${version}, ${records.size} ${records.size === 1 ? "record" : "records"}`),
    latest - time.now > MAX_SKEW_MS
      ? warnFinding(
          "clock",
          `the last change was made on ${formatTime(latest, time)}, which is in the future`,
          "Synchronise the clocks of your servers with NTP.",
        )
      : okFinding("clock", formatTime(context.clock.now(), time)),
    ...size(store, records.size),
    hosts(state, project),
    doors(state, project, time.now),
    ...exemptions(state, project, time.now),
    ...[...state.unreadable].map(([site, { message, hint }]) =>
      errorFinding(`record of ${siteName(site)}`, message, hint),
    ),
  ];
}

/** Warns about one text that holds too many records: a process that reads or writes it whole pauses for longer with each of them. */
function size({ capabilities }: Store, records: number): readonly Finding[] {
  if (capabilities.separateRecords || records <= MAX_IN_ONE_TEXT) return [];
  const message = `the store keeps ${records} records in one text, which every process reads whole after each change`;
  const hint =
    "From 10,000 records on, use sqliteStore() or the database that you have: npx maintenance-mode copy moves the state.";
  return [warnFinding("size", message, hint)];
}

/** Warns about a router that treats `/SHOP` as `/shop`: it serves `/SHOP` although `/shop` is closed, unless patterns ignore case too. */
async function examineRouting(
  { records }: State,
  { options }: Project,
  { context }: Session,
): Promise<readonly Finding[]> {
  const scopes = [
    ...[...records.values()].flatMap(({ mode, paths }) => (mode === "open" ? [] : paths)),
    ...options.readOnly.writes.map(({ pattern }) => pattern),
  ];
  if (options.ignoreCase || scopes.length === 0) return [];
  const { dependencies } = await readManifest(join(findProjectRoot(context.cwd), "package.json"));
  const { name, ignoresCase } = findFramework(dependencies);
  if (!ignoresCase) return [];
  const message = `${name} treats /SHOP as /shop, and the pattern ${scopes[0]} does not: in capitals, the paths that it closes are open`;
  return [warnFinding("routing", message, "Set `ignoreCase: true`, or make the application's router case-sensitive.")];
}

function hosts(state: State, { options }: Project): Finding {
  const entries = [...hostsBySite(state, options)].map(([value, hosts]) => ({ hosts, value }));
  const conflict = findHostConflict(entries);
  if (conflict === null) return okFinding("hosts", "each belongs to one site");
  const message = `'${conflict.host}' belongs to ${conflict.first} and to ${conflict.second}`;
  return errorFinding("hosts", message, "Remove it from one of them.");
}

function doors(state: State, { options }: Project, now: number): Finding {
  const forAll = recordsForAll(state, options, now);
  const waysOf = (record: SiteRecord): readonly string[] =>
    waysIn(record, forAll, options).flatMap((way) => (isForPeople(way, options) ? [wayInWords(way, record.id)] : []));
  const shut = [...hostsBySite(state, options).keys()].filter((id) => waysOf(recordNow(state, id, now)).length === 0);
  if (shut.length === 0)
    return okFinding("way in", waysOf(recordNow(state, ALL_SITES, now)).join(", ") || "for each site");
  const hint = "Set `exempt` in the configuration, or: npx maintenance-mode exempt add --ip ADDRESS";
  return warnFinding("way in", `while it is closed, no one gets in to ${listSome(shut.map(siteName))}`, hint);
}

/** Returns rules that admit everyone, and addresses of a proxy: first those that apply everywhere, then those of single sites. */
function exemptions(state: State, { options, addressSources }: Project, now: number): readonly Finding[] {
  const everywhere = exemptionWarnings(
    [
      ...waysIn(openRecord(ALL_SITES), [], options),
      ...recordsForAll(state, options, now).flatMap((record) => waysOfRecord(record, now)),
    ],
    addressSources,
  );
  const known = new Set(everywhere);
  const hint = "Remove the exemption, or make it narrower: npx maintenance-mode exempt list";
  return [
    ...everywhere.map((message) => warnFinding("exemptions", message.replace(/\.$/, ""), hint)),
    ...[...state.records.keys()].flatMap((id) =>
      exemptionWarnings(waysOfRecord(recordNow(state, id, now), now), addressSources)
        .filter((message) => !known.has(message))
        .map((message) => warnFinding(`exemptions of ${siteName(id)}`, message.replace(/\.$/, ""), hint)),
    ),
  ];
}

async function examineRobots(state: State, { options }: Project, { time }: Session): Promise<readonly Finding[]> {
  const forAll = recordsForAll(state, options, time.now);
  for (const id of state.records.keys()) {
    const found = await robotsWarning(recordNow(state, id, time.now), forAll, options, time.now);
    const hint = "Let it pass: npx maintenance-mode exempt add --path /robots.txt";
    // The first one is enough: there may be 100,000.
    if (found !== null) return [warnFinding("crawlers", found, hint)];
  }
  return [];
}

/** Reads the history, which may be unreadable although the state is valid. */
async function examineHistory({ controller }: Project): Promise<readonly Finding[]> {
  const read = await attempt("history", () => controller.history({ limit: 200 }));
  return "level" in read ? [read] : [];
}

/** Tests writing without a change: a commit on another lineage takes the lock and is refused. */
async function examineWriting(store: Store, { context, time }: Session): Promise<Finding> {
  const subject = "writing";
  const tried = await attempt(subject, async () =>
    store.commit({
      lineage: crypto.randomUUID(),
      command: "doctor",
      records: [],
      at: formatInstant(time.now),
      by: context.by,
      reason: "",
    }),
  );
  if ("level" in tried) return tried;
  return tried.ok
    ? errorFinding(
        subject,
        "the store accepts changes to a state that it does not contain",
        "Report it to the maintainer of the store.",
      )
    : okFinding(subject, "the store accepts changes");
}

async function attempt<Result extends object>(subject: string, work: () => Promise<Result>): Promise<Result | Finding> {
  try {
    return await work();
  } catch (thrown) {
    const { message, hint } = toCliError(thrown, "");
    return errorFinding(subject, message, hint);
  }
}
