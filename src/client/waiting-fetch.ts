import { type MaintenanceInfo, maintenanceOf } from "./maintenance-info.ts";

/** The shape of `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface WaitingFetchOptions {
  /** What sends each request. Default: the global `fetch`. */
  readonly fetch?: Fetch;
  /** The longest that one call waits in all, in milliseconds. Default: 120,000. */
  readonly maxWait?: number;
  /** The most requests that one call sends, the first included. Default: 5. */
  readonly maxAttempts?: number;
  /** Says of a request whose method is not safe (`POST`) that it may be sent again. Default: none may. */
  readonly retry?: (request: Request) => boolean;
  /** Called for every answer of a closed site, before any wait. */
  readonly onMaintenance?: (info: MaintenanceInfo) => void;
  /** A number from 0 up to 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Must reject with the signal's reason when that aborts. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | null) => Promise<void>;
}

/** The safe methods of the IANA registry (RFC 9110 section 9.2.1) that `fetch` sends. */
const SAFE = /^(get|head|options|propfind|query|report|search)$/i;

/**
 * A `fetch` that waits while a site is closed: for as long as `Retry-After` says, and by chance up to a second and a tenth more,
 * so that not all return at once. Then it tries again. What cannot be repeated safely is sent once: other methods without a word
 * of `retry`, a body that is a stream. It returns the 503 itself when `Retry-After` is missing or beyond what is left of
 * `maxWait`, and after `maxAttempts`. Rejects as `fetch` does, also while it waits.
 */
export function waitingFetch(options: WaitingFetchOptions = {}): Fetch {
  const { maxWait = 120_000, maxAttempts = 5, retry, onMaintenance, random = Math.random, sleep = pause } = options;

  return async (input, init) => {
    const request = typeof input === "object" && "method" in input ? input : null;
    const signal = init?.signal ?? request?.signal ?? null;
    const isSafe = SAFE.test(init?.method ?? request?.method ?? "get");
    // What is iterated asynchronously, as a stream is, can be read only once.
    const isStream = Symbol.asyncIterator in Object(init?.body);
    const mayRepeat = !isStream && (isSafe || retry?.(new Request(request?.clone() ?? input, init)));
    let left = maxWait;
    for (let attempts = mayRepeat ? maxAttempts : 1; ; attempts -= 1) {
      const isLast = attempts <= 1;
      // Looked up at each attempt: frameworks replace the global one.
      const response = await (options.fetch ?? fetch)(isLast ? input : (request?.clone() ?? input), init);
      const info = maintenanceOf(response);
      if (!info) return response;
      onMaintenance?.(info);
      const wait = (info.retryAfter ?? NaN) * 1000;
      if (isLast || !(wait <= left)) return response;
      const delay = Math.min(left, wait + random() * (1000 + wait / 10));
      left -= delay;
      // Frees the connection. A body that has failed already is of no more interest.
      await response.body?.cancel().catch(() => {});
      await sleep(delay, signal);
    }
  };
}

/** Milliseconds: `setTimeout` fires at once for more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Resolves after so many milliseconds, at most 2^31 - 1; rejects with the signal's reason as soon as that aborts. */
export function pause(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, Math.min(milliseconds, MAX_TIMER_MS));
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
