import { type Clock, systemClock } from "../clock.ts";
import { MaintenanceError } from "../errors.ts";

const HINT =
  "See what it is busy with or waits for (a lock, space on its disk), that host and port lead to it, and that nothing on the way swallows what is sent.";

/**
 * Runs `work` with a signal that aborts with `signal`, or after `milliseconds`. Rejects then with the reason of `signal`, or
 * `ERR_STORE_UNAVAILABLE`, even where `work` does not listen: many drivers wait for a lost connection for ever.
 */
export async function withinDeadline<T>(
  name: string,
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const onAbort = (): void => ending.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const cancel = clock.setTimer(() => {
    const message = `${name} gave no answer in ${milliseconds / 1_000} s.`;
    ending.abort(new MaintenanceError("ERR_STORE_UNAVAILABLE", message, { hint: HINT }));
  }, milliseconds);
  try {
    return await new Promise<T>((resolve, reject) => {
      ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
      work(ending.signal).then(resolve, reject);
    });
  } finally {
    cancel();
    signal?.removeEventListener("abort", onAbort);
  }
}
