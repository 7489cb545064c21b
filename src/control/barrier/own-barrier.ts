import { type BarrierDetails, parseBarrier, serializeBarrier } from "../../fleet/barrier.ts";
import type { Barrier, MemberList } from "../../stores/members.ts";
import type { Ask } from "./write-once.ts";

/** The barrier of one coordinator, as the list has it. Tolerates answers that were lost. */
export interface OwnBarrier {
  readonly id: string;
  /** 0 until it is set. */
  readonly epoch: number;
  /** Whether it was set, or may have been. */
  readonly mayBeSet: boolean;
  /** `held`: others are in the way. `gone`: it was removed, or marked as lost, by another process. */
  write(details: BarrierDetails, ask: Ask): Promise<"ok" | "gone" | { readonly held: readonly Barrier[] }>;
  /** Idempotent. */
  remove(ask: Ask): Promise<void>;
}

/** Replaces of this process whose answer was lost, at most. */
const MAX_ADOPTED = 3;

export function ownBarrier(members: MemberList, id: string, targets: readonly string[]): OwnBarrier {
  let seq: number | null = null;
  let epoch = 0;
  let mayBeSet = false;

  const ownIn = (held: readonly Barrier[]): Barrier | undefined => held.find((barrier) => barrier.id === id);

  return {
    id,
    get epoch() {
      return epoch;
    },
    get mayBeSet() {
      return mayBeSet;
    },
    async write(details, ask) {
      const text = serializeBarrier(details);
      for (let adopted = 0; ; adopted += 1) {
        mayBeSet = true;
        const seen = seq;
        const result = await ask((signal) => members.setBarrier({ id, targets, text }, seen, { signal }));
        if (result.ok) {
          if (seen === null) epoch = result.epoch;
          seq = result.seq;
          return "ok";
        }
        const own = ownIn(result.held);
        if (own === undefined) {
          if (seen !== null) return "gone";
          mayBeSet = false;
          return { held: result.held };
        }
        if (isLost(own) || adopted === MAX_ADOPTED) return "gone";
        epoch = own.epoch;
        seq = own.seq;
        if (own.text === text) return "ok";
      }
    },
    async remove(ask) {
      if (!mayBeSet) return;
      for (let adopted = 0; adopted <= MAX_ADOPTED; adopted += 1) {
        // Without a number, the answer names the one that it has.
        const result = await ask((signal) => members.removeBarrier(id, seq ?? 1, { signal }));
        const own = result.ok ? undefined : ownIn(result.held);
        if (own === undefined) break;
        seq = own.seq;
      }
      mayBeSet = false;
      seq = null;
    },
  };
}

function isLost(barrier: Barrier): boolean {
  try {
    return parseBarrier(barrier).phase === "lost";
  } catch {
    return false;
  }
}
