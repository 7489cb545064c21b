/** Where the time comes from. Injected everywhere, so that no test has to sleep. */
export interface Clock {
  /** The present, in milliseconds since the epoch. */
  now(): number;
  /**
   * Calls `callback` once after `delay` milliseconds, and returns what cancels it. A timer never keeps the process
   * alive. Delays above 2^31 - 1 are cut to it: whoever sets one looks at the clock again when it rings.
   */
  setTimer(callback: () => void, delay: number): () => void;
}

const LONGEST_DELAY = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, delay) {
    const timer: unknown = setTimeout(callback, Math.min(Math.max(delay, 0), LONGEST_DELAY));
    // Browsers and Workers return a number; Node, Bun and Deno an object that can be unref'ed.
    if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function") {
      timer.unref();
    }
    return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
  },
};

/** What `work` resolves with. Until then the process stays alive: the timers of a clock do not see to that. */
export async function keepAlive<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, LONGEST_DELAY);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
