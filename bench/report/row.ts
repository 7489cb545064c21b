import type { Estimate } from "../measure/estimate.ts";

/** One line of the report. */
export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly measured: Estimate;
  /** The same compared with itself, which shows the noise of the machine. `null` if nothing is compared. */
  readonly control: Estimate | null;
  /** `null` for a row without a target, listed for comparison. */
  readonly target: Target | null;
  /** The A/A of the row must be this near to 1, or the row does not count. */
  readonly maxNoise?: number;
}

/** `x` is a ratio. */
export type Unit = "x" | "ns" | "µs" | "ms" | "B" | "KB" | "of";

export interface Target {
  readonly direction: "at most" | "at least";
  readonly limit: number;
}

export interface Section {
  /** The name of its file, which the run adds. */
  readonly name?: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

/** Everything that one run has measured, as `--json` writes it. */
export interface Run {
  readonly node: string;
  readonly cores: number;
  readonly seconds: number;
  /** The load average of a minute, before and at the end. */
  readonly load: readonly [before: string, after: string];
  readonly sections: readonly Section[];
}

export type Verdict = "yes" | "yes, within noise" | "no, within noise" | "no" | "too noisy" | "A/A too wide" | "";

export const atMost = (limit: number): Target => ({ direction: "at most", limit });
export const atLeast = (limit: number): Target => ({ direction: "at least", limit });

/** If the A/A interval of a ratio is wider than this, the machine was too busy for a result. */
const MAX_NOISE = 1.5;

/**
 * `within noise` means that the target is inside the interval: another run may have the opposite result. A row with `maxNoise` has
 * reached its target if the better end of its interval has.
 */
export function verdictOf(row: Row): Verdict {
  const { unit, measured, control, target, maxNoise } = row;
  if (target === null) return "";
  if (unit === "x" && control !== null && control.high > control.low * MAX_NOISE) return "too noisy";
  const meets = (value: number): boolean =>
    target.direction === "at most" ? value <= target.limit : value >= target.limit;
  const [low, high] = [meets(measured.low), meets(measured.high)];
  const noise = control === null ? 0 : Math.abs(control.value - 1);
  if (maxNoise !== undefined && noise > maxNoise && (low || high)) return "A/A too wide";
  const verdict = meets(measured.value) || (maxNoise !== undefined && (low || high)) ? "yes" : "no";
  return low === high ? verdict : `${verdict}, within noise`;
}
