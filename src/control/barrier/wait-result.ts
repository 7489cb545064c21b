import type { UnderWayCounts } from "../../fleet/row.ts";
import type { CommandResult } from "../controller.ts";
import type { WayIn } from "../views/ways-in.ts";
import type { HeldView } from "./held.ts";

/** The proof of a barrier, and why it has not proved more. */
export interface WaitResult {
  /**
   * 0: every process on the list has closed, and its requests have ended. 5: as 0, but for processes that fell silent: they let no request
   * in any more, and what became of their last requests is unknown. 6: not proved in time. 7: another process opened the site, weakened
   * the closure, restored the state or removed the barrier.
   */
  readonly exit: 0 | 5 | 6 | 7;
  /** Whether the closing change was written. `unknown`: the store did not answer. */
  readonly closed: boolean | "unknown";
  /** The sites were restored as they were found, because the work behind the barrier was not begun. */
  readonly restored: boolean;
  /** The wait ended because its caller aborted it. */
  readonly interrupted: boolean;
  /** The exit is 0 because `acceptEvicted` assumes that the last requests of silent processes have ended. */
  readonly assumed: boolean;
  /** Why the exit is not 0. */
  readonly reasons: readonly WaitReason[];
  /** Every process that was on the list at the last look. */
  readonly processes: readonly ProcessView[];
  /** Rules that let requests in although the sites are closed. */
  readonly waysIn: readonly WayIn[];
  /** Requests under way that such a rule has let in; the barrier does not wait for them. */
  readonly exempted: number;
  /** Kinds of work that were left running. */
  readonly kept: readonly ("streams" | "sockets")[];
  /** Circumstances that weaken the result, or explain a delay. */
  readonly remarks: readonly WaitRemark[];
  /** `LIST:EPOCH` of the barrier: a later barrier in the same list has a higher epoch. Empty if none was set. */
  readonly fence: string;
  /** Milliseconds that it took. */
  readonly elapsed: number;
}

/** A process on the list, as it concerns one barrier. */
export interface ProcessView {
  /** Id of the row. */
  readonly id: string;
  readonly label: string;
  readonly host: string;
  readonly pid: number;
  /**
   * `unbound`, `bound`: before the closing change. `open`: it has not closed. `draining`: it has closed, and requests are under way.
   * `closed`: and none is. `not-mine`: it does not serve the site. `silent`: it is not heard and may be serving. `evicted`: it is not
   * heard, and lets no request in any more. `unreadable`: its row is that of a later release, or damaged.
   */
  readonly standing: Standing;
  /** Why it is open: `override`, `behind`, `lineage`, `unguarded` and others. */
  readonly because: string | null;
  /** Number of requests, sockets and jobs that the barrier waits for. */
  readonly waitsFor: number;
  /** The oldest of them. `age` is in milliseconds, by the clock of this process. */
  readonly oldest: { readonly what: string; readonly age: number } | null;
  /** Milliseconds since its last renewal, as far as this process has seen. */
  readonly quiet: number;
}

export type Standing =
  | "unbound"
  | "bound"
  | "open"
  | "draining"
  | "closed"
  | "not-mine"
  | "silent"
  | "evicted"
  | "unreadable";

export type WaitReason =
  /** A process that has not got there. */
  | { readonly kind: "process"; readonly process: ProcessView }
  /** Fewer processes than `expect`. */
  | { readonly kind: "expected"; readonly expected: number; readonly found: number }
  /** No process on the list has closed the site. */
  | { readonly kind: "none" }
  /** The list is new, or the state was restored: processes may not be back on it. `left`: milliseconds. */
  | { readonly kind: "young"; readonly left: number }
  /** Entries of the configuration that keep no row. */
  | { readonly kind: "surfaces"; readonly surfaces: readonly string[] }
  /** The store did not answer. */
  | { readonly kind: "store"; readonly message: string }
  | { readonly kind: "interrupted" }
  /** The connection to the server that waits broke before it had the result. */
  | { readonly kind: "connection"; readonly message: string }
  /** Another barrier or hold was in the way until the end. */
  | { readonly kind: "held"; readonly held: readonly HeldView[] }
  /** The site was opened, or the closure weakened, by another change. */
  | { readonly kind: "opened" | "weakened"; readonly site: string; readonly what: string }
  /** The state was wiped, or replaced by another one. */
  | { readonly kind: "restored" }
  /**
   * A process lets requests in behind a proven closure. `overridden`: it has started with an override. `unguarded`: a guard was removed from
   * its server.
   */
  | { readonly kind: "overridden" | "unguarded"; readonly label: string; readonly host: string; readonly pid: number }
  /** The barrier was removed by another process. */
  | { readonly kind: "swept" };

export type WaitRemark =
  /** The clock of a process differs from the store's by so many milliseconds: the closure ends there at another time. */
  | { readonly kind: "clock"; readonly process: ProcessView; readonly offset: number }
  /** The event loop of a process was blocked for so many milliseconds. */
  | { readonly kind: "blocked"; readonly process: ProcessView; readonly delay: number }
  /** The change was written although not every process was bound before it. */
  | { readonly kind: "closed-unbound"; readonly processes: readonly ProcessView[] }
  /** Replicas of the store that have not confirmed the closure: a failover to one of them loses it. */
  | { readonly kind: "replicas"; readonly replicas: number; readonly confirmed: number }
  /** It is not known whether the replicas of the store have the closure. */
  | { readonly kind: "replicas-unknown"; readonly message: string }
  /** The barrier could not be removed; members remove it when it is no longer renewed. */
  | { readonly kind: "barrier-left" };

/** The progress of a wait. */
export interface WaitProgress {
  /** `queued`: another barrier is in the way. `settling`: the list is new. */
  readonly phase: "queued" | "settling" | "arming" | "closing" | "draining";
  readonly processes: readonly ProcessView[];
  /** Number of processes to wait for, if the caller knows it. */
  readonly expected: number | null;
  /** The other reasons to wait. */
  readonly reasons: readonly WaitReason[];
  /** Milliseconds since it began. */
  readonly elapsed: number;
}

/** Returns the number of requests, sockets and jobs that a barrier waits for. */
export function countWork(
  underWay: UnderWayCounts,
  { readOnly, keep }: { readonly readOnly: boolean; readonly keep: ReadonlySet<"streams" | "sockets"> },
): number {
  const { requests, writes, streams, sockets, held } = underWay;
  if (readOnly) return writes + held;
  return Math.max(0, requests - (keep.has("streams") ? streams : 0)) + (keep.has("sockets") ? 0 : sockets) + held;
}

/** The effect of a closure that waited for the processes. */
export interface WaitedClosure extends WaitResult {
  /** The closing change; `null` if it was not written. */
  readonly change: CommandResult | null;
}
