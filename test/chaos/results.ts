import type { RoundReport } from "./chaos.ts";
import type { Breaches } from "./judge.ts";
import type { Level } from "./messages.ts";

/** The rounds of one store and level with one fault, of one kind of promise. */
export interface Line {
  readonly store: string;
  readonly level: Level;
  readonly fault: string;
  /** Whether the exits 0 and 5 promise anything. */
  readonly isPromised: boolean;
  readonly rounds: number;
  /** Number of rounds by the exit of the coordinator, or `killed`. */
  readonly exits: Readonly<Record<string, number>>;
  /** Number of requests, and of rounds for `free`, that have broken a promise, or would have if one had been made. */
  readonly broken: Breaches;
  /** The longest time until every process was free again, in milliseconds. */
  readonly freeAfter: number;
}

/** The runs that were published, and their sums: the content of `results.json`. */
export interface Results {
  readonly runs: readonly Run[];
  readonly lines: readonly Line[];
}

/** One run over one store. */
export interface Run {
  /** `2026-11-30`. */
  readonly date: string;
  readonly node: string;
  readonly store: string;
  readonly seed: number;
  readonly rounds: number;
  readonly seconds: number;
}

export function addRun({ runs, lines }: Results, run: Run, found: readonly Line[]): Results {
  return { runs: [...runs, run], lines: sumLines([...lines, ...found], byEverything) };
}

/** Returns the line of one round. Two faults at once have a line of their own. */
export function lineOf(store: string, round: RoundReport): Line {
  const { level, faults, breaches, isPromised, freeAfter } = round;
  const happened = faults.filter((name) => name !== "none");
  const fault = happened.length > 1 ? "two at once" : (happened[0] ?? "none");
  const exits = countExits([round]);
  return { store, level, fault, isPromised, rounds: 1, exits, broken: breaches, freeAfter };
}

/** Returns the number of rounds by the exit of the coordinator, or `killed`. */
export function countExits(rounds: readonly Pick<RoundReport, "outcome">[]): Readonly<Record<string, number>> {
  const exits: Record<string, number> = {};
  for (const { outcome } of rounds) {
    const exit = outcome?.exit ?? "killed";
    exits[exit] = (exits[exit] ?? 0) + 1;
  }
  return exits;
}

/** Adds up the lines for which `key` is the same. The first one says the rest. */
export function sumLines(lines: readonly Line[], key: (line: Line) => string): readonly Line[] {
  const sums = new Map<string, Line>();
  for (const line of lines) {
    const sum = sums.get(key(line));
    sums.set(key(line), sum === undefined ? line : add(sum, line));
  }
  return [...sums.values()];
}

function add(one: Line, other: Line): Line {
  const exits: Record<string, number> = { ...one.exits };
  for (const [exit, count] of Object.entries(other.exits)) exits[exit] = (exits[exit] ?? 0) + count;
  const broken = {
    P1: one.broken.P1 + other.broken.P1,
    P2: one.broken.P2 + other.broken.P2,
    P3: one.broken.P3 + other.broken.P3,
    free: one.broken.free + other.broken.free,
  };
  const freeAfter = Math.max(one.freeAfter, other.freeAfter);
  return { ...one, rounds: one.rounds + other.rounds, exits, broken, freeAfter };
}

export const byEverything = ({ store, level, fault, isPromised }: Line): string =>
  [store, level, fault, isPromised].join();

/** Whether a promise was broken, or a process was still fenced after the end. */
export function isBroken({ isPromised, broken: { P1, P2, P3, free } }: Line): boolean {
  return free > 0 || (isPromised && P1 + P2 + P3 > 0);
}

export function roundsOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { rounds }) => sum + rounds, 0);
}

const EXITS = ["0", "5", "6", "7", "1", "killed"];
const BROKEN = ["let in after 0 or 5", "under way at 0 or 5", "let in by a process that 5 named"];

/** Returns a table with one row for each line. */
export function tableOf(lines: readonly Line[], title: string, name: (line: Line) => string): string {
  const head = [title, "rounds", "0", "5", "6", "7", "1", "killed", ...BROKEN, "not free again"];
  const cells = lines.map((line) => [
    ...[name(line), String(line.rounds)],
    ...EXITS.map((exit) => String(line.exits[exit] ?? 0)),
    ...[line.broken.P1, line.broken.P2, line.broken.P3, line.broken.free].map(String),
  ]);
  const rows = [head, head.map((_, index) => (index === 0 ? "---" : "--:")), ...cells];
  return rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
}
