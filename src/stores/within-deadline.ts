import { type Clock, systemClock } from "../clock.ts";
import { MaintenanceError } from "../errors.ts";

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
    ending.abort(new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name} gave no answer in ${milliseconds / 1_000} s.`));
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
