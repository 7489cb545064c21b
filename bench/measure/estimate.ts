import { createRandom } from "./random.ts";

/** A median, and its 95 % interval by resampling (bootstrap). */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

type Statistic = (draw: readonly number[]) => number;

const RESAMPLINGS = 1_000;

/** A number that was counted, not sampled. */
export const exactly = (value: number): Estimate => ({ value, low: value, high: value });

export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

export function estimateMedian(samples: readonly number[]): Estimate {
  return bootstrap(samples.length, (draw) => median(pick(samples, draw)));
}

/**
 * The ratio of two medians. Samples with the same index come from the same round and are drawn together, so that a slow round
 * affects both.
 */
export function estimateRatio(numerators: readonly number[], denominators: readonly number[]): Estimate {
  return bootstrap(
    Math.min(numerators.length, denominators.length),
    (draw) => median(pick(numerators, draw)) / median(pick(denominators, draw)),
  );
}

/** The difference of two medians, by rounds as in `estimateRatio`. */
export function estimateDifference(minuends: readonly number[], subtrahends: readonly number[]): Estimate {
  return bootstrap(
    Math.min(minuends.length, subtrahends.length),
    (draw) => median(pick(minuends, draw)) - median(pick(subtrahends, draw)),
  );
}

/**
 * The median of ratios that were measured in several rounds. Rounds are drawn first, and then ratios in them, since all of a round share
 * what differs between two starts of the same process.
 */
export function estimateRounds(rounds: readonly (readonly number[])[]): Estimate {
  const random = createRandom(rounds.length);
  const draw = <T>(items: readonly T[]): T[] =>
    items.flatMap(() => items.slice(Math.floor(random() * items.length)).slice(0, 1));
  const values = Array.from({ length: RESAMPLINGS }, () => median(draw(rounds).flatMap((round) => draw(round))));
  return { value: median(rounds.flat()), low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

function pick(samples: readonly number[], draw: readonly number[]): number[] {
  return draw.map((index) => samples[index] ?? Number.NaN);
}

function bootstrap(count: number, statistic: Statistic): Estimate {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const random = createRandom(count);
  const values = Array.from({ length: RESAMPLINGS }, () => statistic(indexes.map(() => Math.floor(random() * count))));
  return { value: statistic(indexes), low: quantile(values, 0.025), high: quantile(values, 0.975) };
}
