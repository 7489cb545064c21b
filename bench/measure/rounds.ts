import { measure } from "mitata";
import { createRandom, shuffled } from "./random.ts";

export interface Variant {
  readonly name: string;
  /** The measured function. It returns its result, so that the compiler cannot remove the work. */
  readonly run: () => unknown;
}

/** The samples of one variant, in nanoseconds per call, measured twice in each round: the second is the A/A control. */
export interface Samples {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly both: readonly number[];
}

export interface RoundOptions {
  readonly rounds: number;
  /** Milliseconds for each measurement. */
  readonly slot: number;
}

/** Measures every variant twice in each round, in a new random order each time. */
export async function measureInRounds(
  variants: readonly Variant[],
  { rounds, slot }: RoundOptions,
): Promise<(name: string) => Samples> {
  const random = createRandom(variants.length);
  const taken = new Map<string, { first: number[]; second: number[] }>();
  for (const { name } of variants) taken.set(name, { first: [], second: [] });
  for (let round = -1; round < rounds; round++) {
    for (const { name, run } of shuffled([...variants, ...variants], random)) {
      const { p50 } = await measure(run, { min_cpu_time: slot * 1e6, gc: false });
      // The first round is a warm-up: it mostly measures the compiler.
      if (round === -1) continue;
      const samples = taken.get(name);
      if (samples === undefined) continue;
      (samples.first.length === round ? samples.first : samples.second).push(p50);
    }
  }
  return (name) => {
    const { first, second } = taken.get(name) ?? { first: [], second: [] };
    return { first, second, both: [...first, ...second] };
  };
}
