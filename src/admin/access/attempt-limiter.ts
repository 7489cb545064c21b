import { clientKey, networkKey } from "../../bypass/guess-limiter.ts";
import type { Place } from "./check-queue.ts";

/** Counts wrong guesses by client, by network and in total, in this process only. Each wrong guess makes the next wait longer. */
export interface AttemptLimiter {
  /** Returns the seconds until this client may guess again; 0 if it may now. A client without wrong guesses never waits for those of others. */
  wait(address: string | undefined, now: number): number;
  /** Returns the place in the queue: clients that succeeded from there before come first, clients that failed come last. */
  place(address: string | undefined, now: number): Place;
  fail(address: string | undefined, now: number): void;
  /** Forgets the wrong guesses of this client. */
  succeed(address: string | undefined): void;
}

/** Allows for typing errors. From then on each wrong guess doubles the wait, which allows about a hundred a day. */
const FREE_GUESSES = 5;
/** For a /24 or a /48, and for all clients together. Beyond it, clients that have failed wait as if they had made the other guesses. */
const FREE_GUESSES_OF_NETWORK = 20;
const FREE_GUESSES_OF_ALL = 500;
const FIRST_WAIT_MS = 15_000;
const MAX_WAIT_MS = 15 * 60_000;
const FORGOTTEN_AFTER_MS = 60 * 60_000;
/** Number of clients, of networks, and of clients that succeeded; the oldest is forgotten. */
const MAX_REMEMBERED = 10_000;

interface Guesses {
  readonly failures: number;
  readonly last: number;
  readonly until: number;
}

export function createAttemptLimiter(): AttemptLimiter {
  const clients = new Map<string, Guesses>();
  const networks = new Map<string, Guesses>();
  const all = new Map<string, Guesses>();
  const succeeded = new Set<string>();

  function current(guesses: Map<string, Guesses>, key: string, now: number): Guesses | undefined {
    const found = guesses.get(key);
    return found === undefined || now - found.last >= FORGOTTEN_AFTER_MS ? undefined : found;
  }

  function note(guesses: Map<string, Guesses>, key: string, free: number, now: number): void {
    const failures = (current(guesses, key, now)?.failures ?? 0) + 1;
    const wait = failures < free ? 0 : Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - free, 20), MAX_WAIT_MS);
    guesses.delete(key);
    if (guesses.size >= MAX_REMEMBERED) guesses.delete(guesses.keys().next().value ?? "");
    guesses.set(key, { failures, last: now, until: now + wait });
  }

  return {
    wait(address, now) {
      // All clients with an unknown address share a key: guesses of one must not lock out the others.
      if (address === undefined) return 0;
      const client = current(clients, clientKey(address), now);
      if (client === undefined) return 0;
      const others = [current(networks, networkKey(address), now), current(all, "", now)];
      const until = Math.max(client.until, ...others.map((one) => one?.until ?? 0));
      return Math.max(0, Math.ceil((until - now) / 1_000));
    },
    place(address, now) {
      const [client, network] = [clientKey(address), networkKey(address)];
      const others = current(networks, network, now) !== undefined;
      const failed = current(clients, client, now) !== undefined;
      return { client, network, rank: failed ? 3 : succeeded.has(client) ? 0 : others ? 2 : 1 };
    },
    fail(address, now) {
      note(clients, clientKey(address), FREE_GUESSES, now);
      note(networks, networkKey(address), FREE_GUESSES_OF_NETWORK, now);
      note(all, "", FREE_GUESSES_OF_ALL, now);
    },
    succeed(address) {
      const client = clientKey(address);
      clients.delete(client);
      succeeded.delete(client);
      if (succeeded.size >= MAX_REMEMBERED) succeeded.delete(succeeded.values().next().value ?? "");
      succeeded.add(client);
    },
  };
}
