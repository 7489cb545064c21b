import type { Effect } from "../../control/fleet/await-effect.ts";
import { type Follower, SHORT_ID } from "../../control/fleet/follower.ts";
import type { UnderWayCounts } from "../../fleet/row.ts";
import { plain } from "../../text/quote.ts";
import { formatSpan } from "../times/format-time.ts";
import { type EffectWords, stateWords } from "./describe-effect.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** Clocks that differ by less are not mentioned. */
export const MAX_CLOCK_OFFSET_MS = 1_000;

/** Returns the list of processes, one a line, and the groups that none of them names. */
export function describeFleet(effect: Effect, words: EffectWords, style: Style): readonly string[] {
  if (effect.list === "none") return [`${words.store} keeps no list of the processes that follow it.`];
  if (effect.list === "unreachable") return [`The list of processes cannot be read: ${effect.reason}`, effect.hint];
  const { processes, unnamed } = effect;
  const groups = unnamed.map((group) => `No process names the group ${group}.`);
  if (processes.length === 0) {
    return [`No process follows this state. Is the application using another store than ${words.store}?`, ...groups];
  }
  const columns = COLUMNS.filter(({ cell, isOptional }) => !isOptional || processes.some((one) => cell(one) !== ""));
  const rows = processes.map((one) =>
    columns.map(({ cell, title }) => (title === "State" ? stateCell(one, style) : cell(one))),
  );
  return [
    formatTable(
      columns.map(({ title }) => style.faint(title)),
      rows,
    ),
    ...groups,
  ];
}

interface Column {
  readonly title: string;
  /** Left out if no process has it. */
  readonly isOptional?: boolean;
  cell(process: Follower): string;
}

const COLUMNS: readonly Column[] = [
  { title: "Process", cell: ({ label }) => plain(label) },
  { title: "Host", cell: ({ host, pid }) => (pid === null ? "" : `${plain(host ?? "")}, pid ${pid}`) },
  { title: "State", cell: stateWords },
  { title: "Heard", cell: ({ heard }) => (heard === null ? "" : `${formatSpan(heard)} ago`) },
  { title: "Clock", isOptional: true, cell: ({ wallOffset }) => offsetWords(wallOffset) },
  { title: "Release", cell: ({ library }) => plain(library ?? "") },
  { title: "Level", cell: ({ level }) => level ?? "" },
  { title: "Under way", isOptional: true, cell: ({ underWay }) => underWayWords(underWay) },
  { title: "Id", cell: ({ id }) => id.slice(0, SHORT_ID) },
];

function stateCell(process: Follower, style: Style): string {
  const words = stateWords(process);
  if (process.state === "applied") return style.good(words);
  return process.state === "not-mine" || process.state === "ended" ? words : style.warning(words);
}

/** Returns `+3 s`; empty for a clock that agrees with the store's. */
export function offsetWords(offset: number | null): string {
  if (offset === null || Math.abs(offset) <= MAX_CLOCK_OFFSET_MS) return "";
  return `${offset > 0 ? "+" : "-"}${formatSpan(Math.abs(offset))}`;
}

function underWayWords(counts: UnderWayCounts | null): string {
  if (counts === null) return "";
  const { requests, sockets, held, exempted, oldest } = counts;
  const some = (count: number, word: string): readonly string[] =>
    count === 0 ? [] : [`${count} ${word}${count === 1 ? "" : "s"}`];
  const all = [
    ...some(requests, "request"),
    ...some(sockets, "socket"),
    ...(held === 0 ? [] : [`${held} held`]),
    ...(exempted === 0 ? [] : [`${exempted} exempt`]),
  ].join(", ");
  return oldest === null ? all : `${all}; oldest ${plain(oldest.what)}`;
}
