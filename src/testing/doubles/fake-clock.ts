import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../clock.ts";

/** A clock that moves only when a test advances it. */
export interface FakeClock extends Clock {
  /**
   * Goes on by `ms`, calling what is due in order, each at its own time, and letting promises settle before the next.
   * What a callback throws, it throws.
   */
  advance(ms: number): Promise<void>;
  /** How many timers are set. */
  readonly timers: number;
}

const MAX_DELAY_MS = 2 ** 31 - 1;

/** `start` in epoch milliseconds; default: 2026-01-01T00:00:00Z. */
export function createFakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  // In the order in which they were set: of two that are due at once, the first is called first.
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  return {
    now: () => now,
    setTimer(callback, delay) {
      const timer = { due: now + Math.min(Math.max(delay, 0), MAX_DELAY_MS), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = now + ms;
      await nextTurn();
      for (;;) {
        let next: { readonly due: number; readonly callback: () => void } | undefined;
        for (const timer of timers) if (timer.due <= end && (!next || timer.due < next.due)) next = timer;
        if (next === undefined) break;
        timers.delete(next);
        now = next.due;
        next.callback();
        await nextTurn();
      }
      now = end;
    },
    get timers() {
      return timers.size;
    },
  };
}
