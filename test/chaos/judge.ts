import type { Admission } from "./admissions.ts";
import type { BarrierOutcome } from "./messages.ts";

/** The events of a round, as seen from outside of the processes. */
export interface RoundFacts {
  /** `null` if the coordinator did not return. */
  readonly outcome: Pick<BarrierOutcome, "exit" | "returned" | "looked" | "evicted"> | null;
  readonly admissions: readonly Admission[];
  /** When processes were killed, by their pid. */
  readonly killed: ReadonlyMap<number, bigint>;
  /** Changes by others, which end a promise if they end after the coordinator's last look. The last one opens the site again. */
  readonly changes: readonly Change[];
  readonly isEveryProcessFree: boolean;
}

export interface Change {
  readonly began: bigint;
  readonly ended: bigint;
}

/** The number of requests, or of rounds, that have broken a promise. */
export interface Breaches {
  /** A request was admitted after the barrier has returned. */
  readonly P1: number;
  /** A request was under way when the barrier returned. */
  readonly P2: number;
  /** A request was admitted by a process that had been evicted. */
  readonly P3: number;
  /** A process was still fenced after the end. */
  readonly free: number;
}

const NEVER = 2n ** 64n;

/** Exits 0 and 5 make promises; the others make none. */
export function judge({ outcome, admissions, killed, changes, isEveryProcessFree }: RoundFacts): Breaches {
  const free = isEveryProcessFree ? 0 : 1;
  if (outcome === null || (outcome.exit !== 0 && outcome.exit !== 5)) return { P1: 0, P2: 0, P3: 0, free };
  const returned = BigInt(outcome.returned);
  const looked = BigInt(outcome.looked);
  const over = changes.filter(({ ended }) => ended > looked).map(({ began }) => began);
  const opened = over.reduce((first, moment) => (moment < first ? moment : first));
  const isPromised = (moment: bigint): boolean => moment > returned && moment < opened;
  const isBefore = (moment: bigint): boolean => moment <= returned && moment < opened;
  const isEvicted = ({ pid }: Admission): boolean => outcome.evicted.includes(pid);
  const others = admissions.filter((admission) => !isEvicted(admission));
  const endOf = ({ pid, ended }: Admission): bigint => ended ?? killed.get(pid) ?? NEVER;
  return {
    P1: others.filter(({ entered }) => isPromised(entered)).length,
    P2: others.filter((admission) => isBefore(admission.entered) && endOf(admission) > returned).length,
    // The process may have been stopped between the decision and its record: its last requests are unknown.
    P3: admissions.filter((admission) => isEvicted(admission) && isPromised(admission.arrived)).length,
    free,
  };
}
