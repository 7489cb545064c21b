import type { Clock } from "../../clock.ts";
import type { NormalOptions } from "../../config/normal-options.ts";
import { withinDeadline } from "../../deadline.ts";
import { isMaintenanceError, MaintenanceError } from "../../errors.ts";
import { LEASE_MS, OBSERVATION_MS, SLOW_FACTOR, SWEEP_MS } from "../../fleet/barrier.ts";
import { type ProcessIdentity, RENEWAL_MS, SILENT_RENEWALS, SLOW_RENEWAL_MS } from "../../fleet/row.ts";
import type { MemberList } from "../../stores/members.ts";
import type { Store } from "../../stores/store.ts";
import type { Ask } from "./write-once.ts";

/** The surroundings of a coordinator. */
export interface BarrierEnvironment {
  readonly store: Store;
  readonly options: NormalOptions;
  readonly clock: Clock;
  /** Milliseconds of a clock that nothing sets. Silence is measured by it alone. */
  monotonic(): number;
  /** A random id of a barrier. */
  mintId(): string;
  /** This process. */
  readonly process: ProcessIdentity;
  /** Whether another process is alive; `undefined` if this process cannot check it. */
  isAlive(process: ProcessIdentity): Promise<boolean | undefined>;
}

/** Milliseconds, by the pace of the list. */
export interface BarrierTimes {
  /** Between two looks at the list. */
  readonly look: number;
  /** For which a bound gate lets requests in after a renewal. */
  readonly lease: number;
  /** Between two renewals of the barrier. */
  readonly renewal: number;
  /** Without a change, after which a bound row may be evicted. */
  readonly observation: number;
  /** Without a change, after which a barrier is removed. */
  readonly sweep: number;
  /** Age of a list below which processes may not be back on it. */
  readonly young: number;
}

const LOOK_MS = 500;
/** Time limit of one call of the store. */
const MAX_CALL_MS = 10_000;

export function barrierTimes({ isSlow }: Pick<MemberList, "isSlow">): BarrierTimes {
  const factor = isSlow === true ? SLOW_FACTOR : 1;
  return {
    look: LOOK_MS * factor,
    lease: LEASE_MS * factor,
    renewal: (LEASE_MS * factor) / 3,
    observation: OBSERVATION_MS * factor,
    sweep: SWEEP_MS * factor,
    young: (isSlow === true ? SLOW_RENEWAL_MS : RENEWAL_MS) * SILENT_RENEWALS,
  };
}

/**
 * Returns the list of processes.
 *
 * @throws `ERR_NO_BARRIER` if the store has none, or may return a state that is older than an acknowledged change
 */
export function requireMembers({ name, members, capabilities }: Store): MemberList {
  if (members !== undefined && capabilities.readAfterWrite === "strong") return members;
  const why = members === undefined ? "it keeps no list of them" : "it may return an older state than the last change";
  throw new MaintenanceError("ERR_NO_BARRIER", `The processes cannot be waited for over ${name}: ${why}.`);
}

export function askWith({ store, clock }: BarrierEnvironment, signal: AbortSignal | undefined): Ask {
  return (call) => withinDeadline({ name: store.name, milliseconds: MAX_CALL_MS, clock, signal }, call);
}

/** Whether a call may be made again: the store did not answer, or other writers came first. */
export function isPassing(error: unknown): boolean {
  return (
    !isMaintenanceError(error) ||
    error.code === "ERR_STORE_UNAVAILABLE" ||
    error.code === "ERR_LOCK_TIMEOUT" ||
    error.code === "ERR_CONFLICT"
  );
}

/** Resolves after `milliseconds`, or at once when the signal aborts. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.setTimer(end, milliseconds);
    signal?.addEventListener("abort", end, { once: true });
  });
}
