import type { Estimate } from "../measure/estimate.ts";

/** One line of the report. */
export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly measured: Estimate;
  /** The same compared with itself: what the machine's noise alone makes of it. `null` where nothing is compared. */
  readonly control: Estimate | null;
  /** `null`: told for the sake of the others. */
  readonly target: Target | null;
}

/** `x` is a ratio. */
export type Unit = "x" | "ns" | "µs" | "ms" | "B" | "KB" | "of";

export interface Target {
  readonly direction: "at most" | "at least";
  readonly limit: number;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export type Verdict = "yes" | "yes, within noise" | "no, within noise" | "no" | "too noisy" | "";

export const atMost = (limit: number): Target => ({ direction: "at most", limit });
export const atLeast = (limit: number): Target => ({ direction: "at least", limit });

/** Beyond this, between the ends of the A/A interval of a ratio, the machine was too busy to say anything. */
const MAX_NOISE = 1.5;

/** `within noise`: the target lies inside the interval, and another run may well say the opposite. */
export function verdictOf({ unit, measured, control, target }: Row): Verdict {
  if (target === null) return "";
  if (unit === "x" && control !== null && control.high > control.low * MAX_NOISE) return "too noisy";
  const meets = (value: number): boolean =>
    target.direction === "at most" ? value <= target.limit : value >= target.limit;
  const [low, high] = [meets(measured.low), meets(measured.high)];
  const verdict = meets(measured.value) ? "yes" : "no";
  return low === high ? verdict : `${verdict}, within noise`;
}
