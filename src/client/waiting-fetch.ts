import { type MaintenanceInfo, maintenanceOf } from "./maintenance-info.ts";

/** The shape of `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** How long and how often `waitingFetch` tries. */
export interface WaitingFetchOptions {
  /**
   * Sends each request.
   * @default the global `fetch`
   */
  readonly fetch?: Fetch;
  /**
   * Maximum time that one call waits in total, in milliseconds.
   * @default 120_000
   */
  readonly maxWait?: number;
  /**
   * Maximum number of requests of one call, including the first.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Returns whether a request with an unsafe method (`POST`) may be sent again.
   * @default () => false
   */
  readonly retry?: (request: Request) => boolean;
  /**
   * Called for every answer of a closed site, before any wait.
   * @default nothing is called
   */
  readonly onMaintenance?: (info: MaintenanceInfo) => void;
  /**
   * Returns a number from 0 up to 1.
   * @default Math.random
   */
  readonly random?: () => number;
  /**
   * Waits. Must reject with the signal's reason if the signal aborts.
   * @default a timer
   */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | null) => Promise<void>;
}

/** The safe methods of the IANA registry (RFC 9110 section 9.2.1) that `fetch` sends. */
const SAFE = /^(get|head|options|propfind|query|report|search)$/i;

/**
 * Returns a `fetch` that waits while a site is closed: as long as `Retry-After` says, plus at random up to a second and a tenth, so that
 * not all clients return at once; then it tries again. A request that cannot be repeated safely is sent once: one with an unsafe method,
 * unless `retry` allows it, or with a stream as its body. Returns the 503 itself if `Retry-After` is missing or longer than the rest of
 * `maxWait`, and after `maxAttempts`. Rejects as `fetch` does, also while it waits.
 * @example
 * const patientFetch = waitingFetch({ maxWait: 30_000 });
 * const response = await patientFetch("https://api.example/orders");
 */
export function waitingFetch(options: WaitingFetchOptions = {}): Fetch {
  const { maxWait = 120_000, maxAttempts = 5, retry, onMaintenance, random = Math.random, sleep = pause } = options;

  return async (input, init) => {
    const request = typeof input === "object" && "method" in input ? input : null;
    const signal = init?.signal ?? request?.signal ?? null;
    const isSafe = SAFE.test(init?.method ?? request?.method ?? "get");
    // An asynchronous iterable, such as a stream, can be read only once.
    const isStream = Symbol.asyncIterator in Object(init?.body);
    const mayRepeat = !isStream && (isSafe || retry?.(new Request(request?.clone() ?? input, init)));
    let left = maxWait;
    for (let attempts = mayRepeat ? maxAttempts : 1; ; attempts -= 1) {
      const isLast = attempts <= 1;
      // Looked up for each attempt: frameworks replace the global `fetch`.
      const response = await (options.fetch ?? fetch)(isLast ? input : (request?.clone() ?? input), init);
      const info = maintenanceOf(response);
      if (!info) return response;
      onMaintenance?.(info);
      const wait = (info.retryAfter ?? NaN) * 1000;
      if (isLast || !(wait <= left)) return response;
      const delay = Math.min(left, wait + random() * (1000 + wait / 10));
      left -= delay;
      // Releases the connection. An error of the body no longer matters.
      await response.body?.cancel().catch(() => {});
      await sleep(delay, signal);
    }
  };
}

/** Maximum delay of a timer: `setTimeout` fires at once for longer ones. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Resolves after the given milliseconds, at most 2^31 - 1; rejects with the signal's reason as soon as it aborts. */
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
