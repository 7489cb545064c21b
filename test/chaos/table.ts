import type { Breaches } from "./judge.ts";
import type { Round } from "./rounds.ts";

/** One line of the result: the rounds of one level with one fault. */
export interface Line {
  readonly level: string;
  readonly fault: string;
  readonly rounds: number;
  /** Number of rounds by the exit of the coordinator, or `killed`. */
  readonly exits: Readonly<Record<string, number>>;
  /** Number of requests, and of rounds for `free`, that have broken a promise. */
  readonly broken: Breaches;
  /** Requests that were admitted after 0 or 5 without a promise. */
  readonly unpromised: number;
  /** The longest time until every process was free again, in milliseconds. */
  readonly freeAfter: number;
}

const NONE: Breaches = { P1: 0, P2: 0, P3: 0, free: 0 };

/** Collects rounds into lines. */
export class Table {
  readonly #lines = new Map<string, Line>();

  add(level: string, { faults, outcome, breaches, isPromised, freeAfter }: Round): void {
    const fault = faults.length > 1 ? "two at once" : (faults[0] ?? "none");
    const key = `${level} ${fault}`;
    const line = this.#lines.get(key) ?? {
      ...{ level, fault, rounds: 0, exits: {}, broken: NONE, unpromised: 0, freeAfter: 0 },
    };
    const exit = String(outcome?.exit ?? "killed");
    const { free, ...claims } = breaches;
    const counted: Breaches = isPromised ? breaches : { ...NONE, free };
    this.#lines.set(key, {
      ...line,
      rounds: line.rounds + 1,
      exits: { ...line.exits, [exit]: (line.exits[exit] ?? 0) + 1 },
      broken: {
        P1: line.broken.P1 + counted.P1,
        P2: line.broken.P2 + counted.P2,
        P3: line.broken.P3 + counted.P3,
        free: line.broken.free + counted.free,
      },
      unpromised: line.unpromised + (isPromised ? 0 : claims.P1),
      freeAfter: Math.max(line.freeAfter, freeAfter),
    });
  }

  get lines(): readonly Line[] {
    return [...this.#lines.values()];
  }

  get isBroken(): boolean {
    return this.lines.some(({ broken: { P1, P2, P3, free } }) => P1 + P2 + P3 + free > 0);
  }

  toMarkdown(): string {
    const cells = this.lines.map(({ level, fault, rounds, exits, broken, unpromised, freeAfter }) => [
      ...[level, fault, String(rounds)],
      ...["0", "5", "6", "7", "1", "killed"].map((exit) => String(exits[exit] ?? 0)),
      ...[broken.P1, broken.P2, broken.P3, broken.free, unpromised].map(String),
      `${(freeAfter / 1_000).toFixed(1)} s`,
    ]);
    const head = ["level", "fault", "rounds", "exit 0", "5", "6", "7", "1", "killed"];
    const claims = ["P1 broken", "P2", "P3", "not free", "unpromised", "free after"];
    const lines = [[...head, ...claims], [...head, ...claims].map(() => "---"), ...cells];
    return lines.map((line) => `| ${line.join(" | ")} |\n`).join("");
  }
}
