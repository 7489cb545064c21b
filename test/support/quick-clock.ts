import type { Clock } from "../../src/clock.ts";

/** Returns a clock that moves to its next timer as soon as nothing else is to be done. No test waits for it. */
export function quickClock(start: number): Clock {
  let now = start;
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  const fireNext = (): void => {
    const [next] = [...timers].sort((a, b) => a.due - b.due);
    if (next === undefined) return;
    timers.delete(next);
    now = Math.max(now, next.due);
    next.callback();
  };
  return {
    now: () => now,
    setTimer(callback, delay) {
      const timer = { due: now + Math.max(0, delay), callback };
      timers.add(timer);
      // After the promises that are pending now.
      setImmediate(fireNext);
      return () => void timers.delete(timer);
    },
  };
}
