import { systemClock } from "../../clock.ts";
import { withinDeadline } from "../../deadline.ts";
import type { MaintenanceError } from "../../errors.ts";

/** How to open, check and drop a connection to a server. */
export interface Connector<Connection> {
  /** The server and its address, for messages: `Redis at cache.example:6379`. */
  readonly name: string;
  /** Time limit in milliseconds for opening the connection, and for each use of it. */
  readonly timeout: number;
  /** If `signal` aborts, the caller has given up: close everything opened so far. */
  open(signal: AbortSignal): Promise<Connection>;
  isUsable(connection: Connection): boolean;
  /** Closes the connection at once. Calls that are under way on it reject. */
  drop(connection: Connection): void;
  /** Lets the connection keep the process alive only while it is used. Absent if the driver does not expose its socket. */
  hold?(connection: Connection, isUsed: boolean): void;
  /** Turns the error of a driver into an error of this package; errors of this package are returned unchanged. */
  explain(error: unknown): MaintenanceError;
}

export interface SharedConnection<Connection> {
  /**
   * Runs `work` on the one connection, opening it if necessary. Rejects with `ERR_STORE_UNAVAILABLE` and drops the connection if it takes
   * longer than `patience` milliseconds, by default the timeout. Rejects with the signal's reason once it aborts; the work may continue.
   */
  use<T>(
    work: (connection: Connection, ending: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
    patience?: number,
  ): Promise<T>;
  /** Closes the connection if it was opened. Idempotent. */
  close(): Promise<void>;
}

/**
 * Limits in milliseconds of the pause after a failed attempt to connect. The pause doubles with each failure. The limits are low because
 * a gate that starts must find its store quickly; callers that repeat a call have their own backoff.
 */
const MIN_PAUSE_MS = 25;
const MAX_PAUSE_MS = 100;

/**
 * Returns one connection for all concurrent calls. The first call opens it, and the first call after a loss opens it again. Calls are
 * not queued while the server is away: they fail, and the caller tries again.
 */
export function sharedConnection<Connection>(
  connector: Connector<Connection>,
  random: () => number = Math.random,
): SharedConnection<Connection> {
  const { name, timeout } = connector;
  const closing = new AbortController();
  let current: Connection | null = null;
  let opening: Promise<Connection> | null = null;
  let pause = 0;
  let uses = 0;

  /** Counts uses: several calls can arrive at once. */
  function count(change: 1 | -1): void {
    uses += change;
    if (current !== null) connector.hold?.(current, uses > 0);
  }

  async function open(): Promise<Connection> {
    try {
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      current = await withinDeadline({ name, milliseconds: timeout, signal: closing.signal }, (signal) =>
        connector.open(signal),
      );
      pause = 0;
      connector.hold?.(current, uses > 0);
      return current;
    } catch (error) {
      // With jitter: a hundred processes that lost the same server must not all reconnect at the same moment.
      pause = Math.min(Math.max(pause * 2, MIN_PAUSE_MS), MAX_PAUSE_MS) * (0.5 + random() / 2);
      throw error;
    } finally {
      opening = null;
    }
  }

  function connected(): Promise<Connection> {
    if (current !== null && connector.isUsable(current)) return Promise.resolve(current);
    if (current !== null) drop(current);
    opening ??= open();
    return opening;
  }

  function drop(connection: Connection): void {
    if (current === connection) current = null;
    connector.drop(connection);
  }

  return {
    async use(work, signal, patience = timeout) {
      let used: Connection | null = null;
      let late: AbortSignal | null = null;
      count(1);
      try {
        return await withinDeadline({ name, milliseconds: patience, signal }, async (ending) => {
          late = ending;
          used = await connected();
          ending.throwIfAborted();
          return await work(used, ending);
        });
      } catch (error) {
        if (signal?.aborted && error === signal.reason) throw error;
        // A connection whose packets are dropped silently can look alive for minutes. The next call opens a new one.
        if (used !== null && isAborted(late)) drop(used);
        throw connector.explain(error);
      } finally {
        count(-1);
      }
    },
    async close() {
      closing.abort();
      await opening?.catch(() => {});
      if (current !== null) drop(current);
    },
  };
}

/** A separate function, because the compiler does not see assignments in callbacks. */
function isAborted(signal: AbortSignal | null): boolean {
  return signal?.aborted === true;
}

/**
 * Checks at an interval that a connection which only listens is alive: a broken network sends no error. Resolves when the signal aborts;
 * rejects as `lost` or `ask` does.
 */
export async function untilLost(
  lost: Promise<never>,
  every: number,
  ask: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await Promise.race([lost, pause(every, signal)]);
    if (!signal.aborted) await Promise.race([lost, ask()]);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = systemClock.setTimer(end, milliseconds);
    signal.addEventListener("abort", end, { once: true });
  });
}
