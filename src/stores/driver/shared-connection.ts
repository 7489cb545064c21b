import { systemClock } from "../../clock.ts";
import { withinDeadline } from "../../deadline.ts";
import type { MaintenanceError } from "../../errors.ts";

/** How to open, check and drop a connection to a server. */
export interface Connector<Connection> {
  /** Where it leads, for messages: `Redis at cache.example:6379`. */
  readonly name: string;
  /** Milliseconds that opening it may take, and each use of it. */
  readonly timeout: number;
  /** Once `signal` aborts, the caller has given up: everything opened until then must be closed. */
  open(signal: AbortSignal): Promise<Connection>;
  isUsable(connection: Connection): boolean;
  /** Ends it at once. What is under way on it rejects. */
  drop(connection: Connection): void;
  /** Whether it keeps the process alive: only while it is used. Left out where the driver cannot tell its socket. */
  hold?(connection: Connection, isUsed: boolean): void;
  /** What a driver's error means; one of this package stays as it is. */
  explain(error: unknown): MaintenanceError;
}

export interface SharedConnection<Connection> {
  /**
   * Does `work` on the one connection, opened first where there is none. Rejects with `ERR_STORE_UNAVAILABLE`, and drops the
   * connection, when it takes longer than `patience`, by default the timeout. Rejects with the signal's reason once it
   * aborts; the work may go on.
   */
  use<T>(
    work: (connection: Connection, ending: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
    patience?: number,
  ): Promise<T>;
  /** Ends what was opened. Idempotent. */
  close(): Promise<void>;
}

/**
 * Milliseconds from one failed attempt to open to the next: the first, doubled with each failure, up to the last. Short, since a gate
 * that starts must find its store quickly; callers that repeat a call have their own backoff.
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

  /** By a number and not by one use: calls come in at once. */
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
      // With jitter, so that a hundred processes that lost one server do not all come back in the same moment.
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
        // A connection that swallows what is sent looks alive for minutes. The next call gets a fresh one.
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

/** By a function of its own: the compiler does not see that a callback assigns. */
function isAborted(signal: AbortSignal | null): boolean {
  return signal?.aborted === true;
}

/**
 * Asks every so many milliseconds whether a connection that only listens is still alive: a broken network does not tell. Resolves when
 * the signal aborts; rejects as `lost` does, or as `ask`.
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
