import { type FaultsLeft, type Member, NEW_ROW, OUTSIDE, type State } from "./state.ts";

/** A variant of the model: lengths, faults that can happen, and rules that are broken. */
export interface World {
  /** Ticks of a lease. @default 2 */
  readonly lease: number;
  /** Ticks of the coordinator's clock after which a bound row may be evicted. @default 3 */
  readonly observation: number;
  readonly faults: ReadonlySet<Fault>;
  readonly mistakes: ReadonlySet<Mistake>;
  readonly options: ReadonlySet<Option>;
  /** The clocks by which the member measures its lease. @default all three */
  readonly clocks: readonly Clock[];
  /** Ticks that the member's clocks can miss in a run. @default 0 */
  readonly missedTicks: number;
}

export type Clock = "monotonic" | "wall" | "uptime";

/** A fault of the environment. Each happens at most once in a run, unless it is a condition. */
export type Fault =
  /** The member is not in the list at the beginning, and joins at any time. */
  | "starts outside"
  /** A condition: the store is away for the member, which never joins. */
  | "store away"
  | "another opens"
  /** After another has opened. */
  | "another closes"
  | "wipe"
  | "wipe after arming"
  | "coordinator dies"
  /** The records lose their last change. */
  | "failover"
  /** After the failover, so that the lost version is reached again. */
  | "edit"
  /** A condition: an override keeps the member open. */
  | "override"
  /** A condition: the member reads a copy, which has another lineage. */
  | "reads a copy"
  | "stale first read"
  | "stale feed"
  /** A condition: the coordinator's list does not show the member. */
  | "stale list"
  | "suspend"
  | "suspend and wall clock set back"
  | "hypervisor pause"
  | "wall clock jumps forward"
  /** A condition: the closure has an end. */
  | "closure has an end";

/** A rule that is broken. The name says what happens instead. */
export type Mistake =
  /** M1 */
  | "read before join"
  | "never loaded is open"
  /** M2 */
  | "lease from the answer"
  /** M4 */
  | "feed unbinds"
  /** M6 */
  | "count on entering"
  | "enter on the old decision"
  /** M7 */
  | "leave undrained"
  | "leave unlatched"
  /** M8 */
  | "no sweep"
  /** C2 */
  | "no arming"
  /** C3 */
  | "never gives up"
  /** C5 */
  | "evict unbound"
  | "observe by wall clock"
  | "renew after eviction"
  | "attest the version"
  | "another lineage is absent"
  /** C6 */
  | "no look at the records"
  | "no proof"
  /** C7 */
  | "trust unproven evictions"
  /** I8, I9 */
  | "adopt the closure of another"
  | "restore by settings"
  | "follow an older version"
  | "end held closure by clock"
  /** Section 7 */
  | "pass deferred requests on"
  /** Of the promise: an evicted member counts as drained. */
  | "evicted is drained";

/** A choice of an operator, or a part of the protocol that only some variants need. */
export type Option =
  /** `--expect`: a row for each process. */
  | "expect"
  /** `selfFence: "never"` */
  | "no eviction"
  | "coordinators time out"
  /** A coordinator that has returned opens again, as `run` does. */
  | "restores"
  | "second coordinator"
  | "second coordinator later"
  /** The gate waits between decision and application, as for a user. */
  | "deferred decisions"
  | "leaves";

export interface Variation {
  readonly lease?: number;
  readonly observation?: number;
  readonly faults?: readonly Fault[];
  readonly mistakes?: readonly Mistake[];
  readonly options?: readonly Option[];
  readonly clocks?: readonly Clock[];
  readonly missedTicks?: number;
}

/** Ticks after which a barrier that its coordinator does not renew is swept. */
export const SWEEP = 2;

export function createWorld(variation: Variation): World {
  const { faults = [], mistakes = [], options = [], ...rest } = variation;
  return {
    lease: 2,
    observation: 3,
    clocks: ["monotonic", "wall", "uptime"],
    missedTicks: 0,
    ...rest,
    faults: new Set(faults),
    mistakes: new Set(mistakes),
    options: new Set(options),
  };
}

export function initialState({ faults, options }: World): State {
  const lineage = faults.has("reads a copy") ? "copy" : "first";
  const isIn: Member = { ...OUTSIDE, phase: "in", lineage, version: 0 };
  const startsOutside = faults.has("starts outside");
  const left: FaultsLeft = {
    open: faults.has("another opens"),
    close: faults.has("another closes"),
    wipe: faults.has("wipe") || faults.has("wipe after arming"),
    death: faults.has("coordinator dies"),
    failover: faults.has("failover"),
    edit: faults.has("edit"),
  };
  const hasSecond = options.has("second coordinator") || options.has("second coordinator later");
  return {
    records: { lineage: "first", version: 0, closedBy: null },
    earlier: null,
    epoch: 0,
    barrier: null,
    row: startsOutside ? null : { ...NEW_ROW, lineage, version: 0, isNew: false },
    member: startsOutside ? OUTSIDE : isIn,
    renewal: null,
    a: { phase: "idle" },
    b: hasSecond ? { phase: "idle" } : null,
    promises: { a: false, b: false, provenA: false, provenB: false },
    left,
  };
}
