import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Arena, type Round } from "./arena.ts";
import { faultsOf } from "./faults.ts";
import type { Level } from "./messages.ts";
import { describePlan, type Plan, planRound } from "./plan.ts";
import { Spares } from "./processes.ts";
import { createRandom } from "./random.ts";
import { ARENAS, SPEED, STORES, type StoreUnderTest } from "./stores.ts";

export interface RoundReport extends Round {
  readonly level: Level;
  /** For `--replay`. */
  readonly replay: string;
  readonly plan: string;
}

export interface ChaosOptions {
  /** A name of `STORES`. */
  readonly store: string;
  readonly seed: number;
  /** No further round begins after so many. */
  readonly rounds: number;
  /** Milliseconds after which no further round begins. */
  readonly within: number;
  readonly speed?: number | undefined;
  readonly arenas?: number | undefined;
  readonly hasFence: boolean;
  /** The name of the only fault; `null` for all of them. */
  readonly fault: string | null;
  readonly withoutRow: boolean;
  /** Runs one round alone: the number of its arena, and its own. */
  readonly only: { readonly arena: number; readonly round: number } | null;
  onRound(round: RoundReport): void;
  /** Asked before each round. */
  isEnough?(): boolean;
}

/**
 * Closes sites again and again while faults happen, and judges each round by what the processes have recorded. Several sets of
 * processes do so at the same time, each on a store of its own; every third one has gates of the level `presence`.
 */
export async function runChaos(options: ChaosOptions): Promise<void> {
  const { store, seed, only, hasFence, withoutRow, speed = SPEED, arenas = ARENAS } = options;
  const start = STORES[store];
  if (start === undefined) throw new TypeError(`There is no store '${store}': ${Object.keys(STORES).join(", ")}.`);
  const folder = await mkdtemp(join(tmpdir(), "chaos-log-"));
  const numbers = only === null ? Array.from({ length: arenas }, (_, index) => index) : [only.arena];
  const spares = new Spares(numbers.length + 1);
  const end = performance.now() + options.within;
  let left = only === null ? options.rounds : 1;

  async function runArena(number: number, under: StoreUnderTest): Promise<void> {
    const level = number % 3 === 2 ? "presence" : "strict";
    const possible = faultsOf(under).filter(({ name }) => options.fault === null || name === options.fault);
    try {
      const log = join(folder, `${number}.log`);
      const arena = await Arena.start({ store: under, spares, level, speed, log, hasFence, withoutRow });
      try {
        for (
          let round = only?.round ?? 1;
          left > 0 && performance.now() < end && options.isEnough?.() !== true;
          round += 1
        ) {
          left -= 1;
          const plan = planOf(seed, number, round, possible);
          const replay = `${seed}/${number}/${round}`;
          options.onRound({ ...(await arena.run(plan)), level, replay, plan: describePlan(plan) });
        }
      } finally {
        await arena.stop();
      }
    } finally {
      await under.stop();
    }
  }

  try {
    const running: Promise<void>[] = [];
    // One after the other: the first server of a kind makes a template for the next.
    for (const number of numbers) running.push(runArena(number, await start()));
    await Promise.all(running);
  } finally {
    await spares.end();
    await rm(folder, { recursive: true });
  }
}

/** The plan depends on nothing that has happened before. */
function planOf(seed: number, arena: number, round: number, possible: ReturnType<typeof faultsOf>): Plan {
  const random = createRandom(seed * 1_000_003 + arena * 100_003 + round);
  // The first numbers of close seeds resemble each other.
  for (let skipped = 0; skipped < 8; skipped += 1) random.next();
  return planRound(random, possible);
}
