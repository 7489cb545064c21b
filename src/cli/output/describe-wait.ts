import { describeHolder } from "../../control/barrier/held.ts";
import { isSettled } from "../../control/barrier/report.ts";
import type {
  ProcessView,
  Standing,
  WaitProgress,
  WaitReason,
  WaitRemark,
  WaitResult,
} from "../../control/barrier/wait-result.ts";
import { wayInWords } from "../../control/views/ways-in.ts";
import { formatCount, formatList, listSome } from "../../text/list.ts";
import { plain } from "../../text/quote.ts";

const MAX_DETAILS = 10;

/** In the order in which they are counted. */
const STANDINGS: Readonly<Record<Standing, string>> = {
  closed: "closed and drained",
  "not-mine": "without these sites",
  draining: "draining",
  open: "not closed",
  bound: "ready",
  unbound: "not ready",
  evicted: "silent and fenced",
  silent: "silent",
  unreadable: "unreadable",
};

const CAUSES: Readonly<Record<string, string>> = {
  override: "an override keeps it open",
  behind: "it has not applied the change yet",
  "not loaded": "it has not loaded the state yet",
  "not heard since": "it has not answered yet",
  lineage: "it follows another state, or a copy",
  scope: "only a part of the site is closed there",
  unguarded: "its guard was removed",
  "ahead of the store": "it has seen a later state than the store has",
};

/** Returns `8 processes: 7 closed and drained, 1 draining`. */
function countProcesses(processes: readonly ProcessView[]): string {
  const counts = Object.keys(STANDINGS).flatMap((standing) => {
    const count = processes.filter((process) => process.standing === standing).length;
    return count === 0 ? [] : [`${formatCount(count)} ${STANDINGS[standing as Standing]}`];
  });
  const total = processes.length === 1 ? "1 process" : `${formatCount(processes.length)} processes`;
  return counts.length === 0 ? "No process is on the list" : `${total}: ${counts.join(", ")}`;
}

const PHASES: Readonly<Record<WaitProgress["phase"], string>> = {
  queued: "Waiting for another barrier",
  settling: "Looking for the processes",
  arming: "Getting the processes ready",
  closing: "Closing",
  draining: "Waiting for the processes",
};

/** Returns the headline, and a line for each process that is waited for. */
export function progressLines({ phase, processes, reasons }: WaitProgress): readonly string[] {
  const waits = processes.filter(({ standing }) => !isSettled(standing) && standing !== "bound");
  const more = waits.length - MAX_DETAILS;
  return [
    `${PHASES[phase]}. ${countProcesses(processes)}`,
    ...waits.slice(0, MAX_DETAILS).map((process) => `  ${describeProcess(process)}`),
    ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
    ...reasons.filter(({ kind }) => kind !== "none").map((reason) => `  ${describeReason(reason)}`),
  ];
}

/** Returns `web-3 pid 411: 2 requests, oldest 12 s, POST /import`. */
function describeProcess(process: ProcessView): string {
  const { standing, because, waitsFor, oldest, quiet } = process;
  const cause = because === null ? "" : (CAUSES[because] ?? plain(because));
  const work = [
    `${formatCount(waitsFor)} ${waitsFor === 1 ? "request" : "requests"}`,
    ...(oldest === null ? [] : [`oldest ${formatSeconds(oldest.age)}`, plain(oldest.what)]),
  ];
  const details: Readonly<Record<Standing, string>> = {
    closed: "closed and drained",
    "not-mine": "it does not serve these sites",
    draining: work.join(", "),
    open: cause === "" ? "it is open" : `open: ${cause}`,
    bound: "ready",
    unbound: "not ready yet",
    evicted: "silent. It lets no request in any more; what became of its last requests is unknown",
    silent: `silent${quiet < 1_000 ? "" : ` for ${formatSeconds(quiet)}`}. It may be serving`,
    unreadable: "its row cannot be read: it may run a later release",
  };
  return `${processName(process)}: ${details[standing]}`;
}

function processName({ label, host, pid }: ProcessView): string {
  const name = plain(label);
  return `${name}${pid === 0 ? "" : ` pid ${pid}`}${host === "" || host === label ? "" : ` on ${plain(host)}`}`;
}

function formatSeconds(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

export function describeReason(reason: WaitReason): string {
  switch (reason.kind) {
    case "process":
      return `${describeProcess(reason.process)}.${whatToDo(reason.process.standing)}`;
    case "expected":
      return `${formatCount(reason.found)} of ${formatCount(reason.expected)} expected processes have closed.`;
    case "none":
      return "No process on the list has closed these sites. A process is on it if its gate has the same store, and `fleet` is not false.";
    case "young":
      return `The list of processes is new, or the state was restored: it takes ${formatSeconds(reason.left)} more until every process is back on it. With --expect NUMBER it is enough that so many have closed.`;
    case "surfaces":
      return `${formatList(reason.surfaces.map(plain))}: the configuration names ${reason.surfaces.length === 1 ? "it as an entry" : "them as entries"} that no list knows. Check there, and add --surfaces ok.`;
    case "store":
      return `The store did not answer. ${plain(reason.message)}`;
    case "connection":
      return `The result is not known. ${plain(reason.message)} The sites may be closed already: look at \`status\`, or repeat the command to wait again.`;
    case "interrupted":
      return "It was interrupted.";
    case "held":
      return `${formatList(reason.held.map(describeHolder))} was in the way.`;
    case "opened":
    case "weakened":
      return `${plain(reason.site)} was changed meanwhile: ${plain(reason.what)}.`;
    case "overridden":
      return `${plain(reason.label)} pid ${reason.pid} has started with an override that keeps it open.`;
    case "unguarded":
      return `${plain(reason.label)} pid ${reason.pid} lets requests in: its guard was removed.`;
    case "restored":
      return 'The state was wiped or restored meanwhile. After a wipe, processes with `fleet: "strict"` let nothing in until the store has a state again: switch on, and then off.';
    case "swept":
      return "Another process has removed the barrier: this one was silent for too long, or an operator has taken over.";
  }
}

function whatToDo(standing: Standing): string {
  if (standing !== "silent") return "";
  return " If it no longer runs, repeat the command on its machine, which removes its row.";
}

function describeRemark(remark: WaitRemark): string {
  switch (remark.kind) {
    case "clock":
      return `The clock of ${processName(remark.process)} differs by ${formatSeconds(Math.abs(remark.offset))}: there the closure ends at another time.`;
    case "blocked":
      return `The event loop of ${processName(remark.process)} was blocked for ${formatSeconds(remark.delay)}.`;
    case "closed-unbound":
      return `Closed although ${listSome(remark.processes.map(processName))} had not answered.`;
    case "replicas":
      return `${unconfirmedWords(remark.replicas - remark.confirmed)} ${REPLICAS_HINT}`;
    case "replicas-unknown":
      return `It is not known whether the replicas of the store have the closure: ${plain(remark.message)} ${REPLICAS_HINT}`;
    case "barrier-left":
      return "The barrier could not be removed: the store did not answer. The processes remove it after half a minute.";
  }
}

const REPLICAS_HINT = "Check that they follow, and set min-replicas-to-write.";

function unconfirmedWords(count: number): string {
  return count === 1
    ? "1 replica of the store has not confirmed the closure: a failover to it loses it."
    : `${formatCount(count)} replicas of the store have not confirmed the closure: a failover to one of them loses it.`;
}

/** Returns the sentence on what was proved, and the lines below it. */
export function describeResult(result: WaitResult): readonly string[] {
  const { exit, reasons, remarks, elapsed, processes } = result;
  return [
    `${headline(result)} (${formatSeconds(elapsed)})`,
    ...(exit === 0 ? waysLines(result) : reasons.map(describeReason)),
    ...(exit === 5 ? waysLines(result) : []),
    ...(exit === 0 && processes.length > 0 ? [`${countProcesses(processes)}.`] : []),
    ...remarks.map(describeRemark),
  ].map((line, index) => (index === 0 ? line : `  ${line}`));
}

function headline({ exit, closed, assumed, restored, reasons }: WaitResult): string {
  const state =
    closed === true
      ? restored
        ? "closed, and restored again"
        : "closed"
      : closed === false
        ? "not closed"
        : "closed, or not";
  if (exit === 0) return assumed ? "Closed and drained, by assumption for silent processes." : "Closed and drained.";
  if (exit === 5)
    return `Closed and drained, but for ${formatCount(reasons.length)} silent ${reasons.length === 1 ? "process" : "processes"}.`;
  if (exit === 6) return `Not proved: the sites are ${state}.`;
  return "Ended by another process.";
}

function waysLines({ waysIn, exempted, kept }: WaitResult): readonly string[] {
  const ways = [...waysIn.map((way) => wayInWords(way, way.source)), ...kept.map((kind) => `running ${kind}`)];
  if (ways.length === 0) return [];
  const under = exempted === 0 ? "" : ` (${formatCount(exempted)} under way now)`;
  return [`Still let in: ${listSome(ways)}${under}.`];
}
