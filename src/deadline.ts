import { type Clock, systemClock } from "./clock.ts";
import { MaintenanceError } from "./errors.ts";

/** Milliseconds between two checks of a deadline: a blocked event loop counts as no more than this. */
const STEP_MS = 100;

const HINT =
  "Check whether it is busy or waiting (for a lock, or disk space), whether host and port are right, and whether a firewall drops the packets.";

/**
 * Calls `callback` once the event loop has run for `milliseconds`, and returns a function that cancels it. Time in which the loop is
 * blocked is not counted: afterwards, timers fire before sockets are read, and a response that has arrived must not count as late.
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
  /** Name of the server or store, for the message. */
  readonly name: string;
  /** Time limit, counted as by `setDeadline`. */
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
  /** @default the system clock */
  readonly clock?: Clock | undefined;
}

/**
 * Runs `work` with a signal that aborts when `signal` aborts or the deadline passes. Rejects then with the reason of `signal`, or with
 * `ERR_STORE_UNAVAILABLE`, even if `work` ignores its signal: many drivers wait for a lost connection without limit. Work that makes
 * progress calls `restart`, which gives it the whole time again.
 */
export async function withinDeadline<T>(
  { name, milliseconds, signal, clock = systemClock }: DeadlineOptions,
  work: (signal: AbortSignal, restart: () => void) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const onAbort = (): void => ending.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const expire = (): void => {
    const message = `${name} did not answer within ${milliseconds / 1_000} s.`;
    ending.abort(new MaintenanceError("ERR_STORE_UNAVAILABLE", message, { hint: HINT }));
  };
  let cancel = setDeadline(clock, expire, milliseconds);
  const restart = (): void => {
    cancel();
    if (!ending.signal.aborted) cancel = setDeadline(clock, expire, milliseconds);
  };
  try {
    return await new Promise<T>((resolve, reject) => {
      ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
      work(ending.signal, restart).then(resolve, reject);
    });
  } finally {
    cancel();
    signal?.removeEventListener("abort", onAbort);
  }
}
