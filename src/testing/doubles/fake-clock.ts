import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../clock.ts";

/** A clock that moves only when a test advances it. */
export interface FakeClock extends Clock {
  /**
   * Advances the time by `ms` milliseconds. Calls due timers one after the other, each at its own time, and lets promises settle before
   * the next. Throws what a callback throws.
   */
  advance(ms: number): Promise<void>;
  /** Number of pending timers. */
  readonly timers: number;
}

const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Returns a clock that moves only when a test advances it, for the option `clock`.
 * @param start Epoch milliseconds. @default Date.UTC(2026, 0, 1)
 * @example
 * const clock = createFakeClock();
 * const gate = createGate({ store, clock });
 * await clock.advance(3_600_000);
 */
export function createFakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  // Sorted by creation: of two timers that are due at the same time, the first created is called first.
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  return {
    now: () => now,
    monotonic: () => now - start,
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
