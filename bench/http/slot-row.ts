import { estimateRounds } from "../measure/estimate.ts";
import type { Row, Target } from "../report/row.ts";
import type { Rates } from "./interleave.ts";

/** A row that compares a server with two processes of the same other one, slot by slot. Between these two is its A/A. */
export function slotRow(
  what: string,
  subject: Rates,
  [first, second]: readonly [Rates, Rates],
  target: Target | null,
): Row {
  const floor = over(first, second, (one, other) => (one + other) / 2);
  return {
    what,
    unit: "x",
    measured: estimateRounds(over(subject, floor, (rate, than) => rate / than)),
    control: estimateRounds(over(second, first, (rate, than) => rate / than)),
    target,
  };
}

function over(rates: Rates, others: Rates, combine: (rate: number, other: number) => number): Rates {
  return rates.map((slots, round) => slots.map((rate, slot) => combine(rate, others[round]?.[slot] ?? Number.NaN)));
}
