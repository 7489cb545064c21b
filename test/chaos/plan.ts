import type { Fault } from "./faults.ts";
import type { CoordinatorStep, GateStep, Hold } from "./messages.ts";
import type { Random } from "./random.ts";

/** When a fault begins: at random, at a call of a process, or when the barrier has returned. Milliseconds are those of the scaled clock. */
export type Moment =
  | { readonly kind: "time"; readonly after: number }
  | ({ readonly kind: "call"; readonly of: "coordinator" | "gate" } & Omit<Hold, "id">)
  | { readonly kind: "returned" };

export interface PlannedFault {
  readonly fault: Fault;
  /** The gate that it happens to, or whose call is its moment. */
  readonly gate: number;
  readonly moment: Moment;
  /** Milliseconds of the scaled clock until it ends, counted from its beginning or from the return of the barrier. */
  readonly length: number;
  readonly isPastReturn: boolean;
}

/** Everything about a round that is chosen at random before it begins. */
export interface Plan {
  readonly faults: readonly PlannedFault[];
  /** Whether the coordinator knows the number of processes. */
  readonly expects: boolean;
  /** Seconds of the scaled clock. */
  readonly timeout: number;
}

export const GATES = 3;
const TIMEOUTS = [30, 60] as const;
/** The calls of a round at which faults begin, each with the number of times that it is expected. */
const CALLS: {
  readonly coordinator: readonly (readonly [CoordinatorStep, number])[];
  readonly gate: readonly (readonly [GateStep, number])[];
} = {
  coordinator: [
    ["arm", 1],
    ["wake", 1],
    ["list", 6],
    ["closing", 2],
    ["close", 1],
    ["evict", 1],
    ["prove", 1],
    ["end", 1],
  ],
  gate: [
    ["renew", 4],
    ["read", 4],
  ],
};

/** Returns the plan of a round. The same generator and faults return the same plan. */
export function planRound(random: Random, possible: readonly Fault[]): Plan {
  const isDouble = random.next() < 0.15;
  const faults = [planFault(random, possible), ...(isDouble ? [planFault(random, possible)] : [])];
  return { faults, expects: random.next() < 0.3, timeout: random.pick(TIMEOUTS) };
}

function planFault(random: Random, possible: readonly Fault[]): PlannedFault {
  const fault = random.pick(possible);
  const gate = Math.floor(random.next() * GATES);
  return { fault, gate, moment: momentOf(fault, random), ...lengthOf(fault, random) };
}

/** From shorter than a round trip to longer than a lease and its observation. A coordinator that is stopped would never return. */
function lengthOf({ happensTo }: Fault, random: Random): Pick<PlannedFault, "length" | "isPastReturn"> {
  const share = random.next();
  if (share < 0.4) return { length: random.between(100, 12_000), isPastReturn: false };
  if (share < 0.6 || happensTo !== "gate") return { length: random.between(15_000, 40_000), isPastReturn: false };
  return { length: random.between(500, 8_000), isPastReturn: true };
}

function momentOf(fault: Fault, random: Random): Moment {
  const share = random.next();
  // Who falls silent right before the closing change is bound and has not closed: only its lease keeps requests out.
  if (share < 0.2) return { kind: "call", of: "coordinator", step: "close", when: "before", nth: 1 };
  if (share < 0.35) return { kind: "time", after: random.between(100, 12_000) };
  if (share < 0.4) return { kind: "returned" };
  const of = fault.happensTo === "gate" && share < 0.55 ? "gate" : "coordinator";
  const [step, most] = random.pick<readonly [Hold["step"], number]>(CALLS[of]);
  return { kind: "call", of, step, when: random.pick(["before", "after"]), nth: 1 + Math.floor(random.next() * most) };
}

function describeMoment(moment: Moment): string {
  switch (moment.kind) {
    case "time":
      return `after ${Math.round(moment.after)} ms`;
    case "returned":
      return "at the return";
    case "call":
      return `${moment.when} '${moment.step}' ${moment.nth} of the ${moment.of}`;
  }
}

export function describePlan({ faults, timeout }: Plan): string {
  const parts = faults.map(({ fault, gate, moment, length, isPastReturn }) =>
    [
      `${fault.name}${fault.happensTo === "gate" ? ` (${gate})` : ""}`,
      describeMoment(moment),
      `for ${Math.round(length)} ms${isPastReturn ? " after the return" : ""}`,
    ].join(" "),
  );
  return `${parts.join("; ")}; timeout ${timeout} s`;
}
