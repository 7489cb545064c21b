/** The source of the time. Injected everywhere, so that no test has to sleep. */
export interface Clock {
  /** Returns the current time in milliseconds since the epoch. */
  now(): number;
  /**
   * Returns the milliseconds since some moment, by a clock that is never set.
   * @default now()
   */
  monotonic?(): number;
  /**
   * Calls `callback` once after `delay` milliseconds, and returns a function that cancels it. A timer never keeps the process alive. Delays
   * above 2^31 - 1 are shortened to it: the callback must check the clock, and set another timer.
   */
  setTimer(callback: () => void, delay: number): () => void;
}

const MAX_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, delay) {
    const timer: unknown = setTimeout(callback, Math.min(Math.max(delay, 0), MAX_DELAY_MS));
    // Browsers and Workers return a number; Node, Bun and Deno an object that can be unref'ed.
    if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function") {
      timer.unref();
    }
    return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
  },
};

/** Returns the result of `work`, and keeps the process alive until then: the timers of a clock do not. */
export async function keepAlive<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, MAX_DELAY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** Returns the milliseconds of a clock that is never set; those of the wall clock if `clock` has no other. */
export function monotonic(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
