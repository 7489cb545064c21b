import { type Clock, systemClock } from "./clock.ts";
import { MaintenanceError } from "./errors.ts";

/** A blocked event loop counts as no more than this: milliseconds between two looks at a deadline. */
const STEP_MS = 100;

const HINT =
  "See what it is busy with or waits for (a lock, space on its disk), that host and port lead to it, and that nothing on the way swallows what is sent.";

/**
 * Calls `callback` once the event loop has been running for `milliseconds`, and returns what cancels it. The time during which the
 * loop is blocked is not counted: after it, timers ring before sockets are read, and an answer that has arrived must not be late.
 */
export function setDeadline(clock: Clock, callback: () => void, milliseconds: number): () => void {
  let left = milliseconds;
  let cancel = (): void => {};
  const wait = (): void => {
    const step = Math.min(left, STEP_MS);
    cancel = clock.setTimer(() => {
      left -= step;
      if (left > 0) wait();
      else callback();
    }, step);
  };
  wait();
  return () => cancel();
}

export interface DeadlineOptions {
  /** What has to answer, for the message. */
  readonly name: string;
  /** As `setDeadline` counts them. */
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Runs `work` with a signal that aborts when `signal` aborts or the deadline passes. Rejects then with the reason of `signal`, or with
 * `ERR_STORE_UNAVAILABLE`, even if `work` ignores its signal: many drivers wait for a lost connection for ever.
 */
export async function withinDeadline<T>(
  { name, milliseconds, signal, clock = systemClock }: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const onAbort = (): void => ending.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const expire = (): void => {
    const message = `${name} gave no answer in ${milliseconds / 1_000} s.`;
    ending.abort(new MaintenanceError("ERR_STORE_UNAVAILABLE", message, { hint: HINT }));
  };
  const cancel = setDeadline(clock, expire, milliseconds);
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
