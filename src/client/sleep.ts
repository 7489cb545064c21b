const LONGEST_TIMER = 2 ** 31 - 1;

/** Resolves after so many milliseconds, at most 2^31 - 1; rejects with the signal's reason as soon as that aborts. */
export function sleep(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, Math.min(milliseconds, LONGEST_TIMER));
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
