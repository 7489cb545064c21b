import type { Barrier, MemberList } from "../../stores/members.ts";
import { viewBarrier } from "./held.ts";
import { quietClock } from "./quiet-clock.ts";
import type { Ask } from "./write-once.ts";

interface Way {
  readonly members: MemberList;
  readonly ask: Ask;
  /** Milliseconds. */
  monotonic(): number;
  /** Milliseconds without a change after which a barrier is removed. */
  readonly sweep: number;
}

/** Removes holds, whose commands may still run. Returns whether there were any. */
export async function takeOverHolds(held: readonly Barrier[], { members, ask }: Way): Promise<boolean> {
  const holds = held.filter((barrier) => viewBarrier(barrier, 0).isHold);
  for (const { id, seq } of holds) await ask((signal) => members.removeBarrier(id, seq, { signal }));
  return holds.length > 0;
}

/**
 * Returns a function that removes barriers whose coordinator has died: members do it too, if there are any. A hold is never removed, since
 * the command behind it may still run.
 */
export function createSweeper({ members, ask, monotonic, sweep }: Way): (held: readonly Barrier[]) => Promise<void> {
  const quiet = quietClock(monotonic);
  return async (held) => {
    quiet.see({ rows: held });
    for (const barrier of held) {
      if (viewBarrier(barrier, 0).isHold || quiet.of(barrier) < sweep) continue;
      await ask((signal) => members.removeBarrier(barrier.id, barrier.seq, { signal }));
    }
  };
}
