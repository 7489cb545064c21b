import { clientKey } from "../../bypass/client-key.ts";

/** Counts wrong guesses by client, in this process only, and makes each one wait longer than the one before. */
export interface AttemptLimiter {
  /** Seconds until this client may guess again; 0: it may. */
  wait(address: string | undefined, now: number): number;
  fail(address: string | undefined, now: number): void;
  /** Forgets what this client guessed: it knew in the end. */
  succeed(address: string | undefined): void;
}

/** A person mistypes. From then on each wrong guess doubles the wait, which makes about a hundred a day. */
const FREE_GUESSES = 5;
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 15 * 60_000;
const FORGOTTEN_AFTER = 60 * 60_000;
const MOST_CLIENTS = 10_000;

export function createAttemptLimiter(): AttemptLimiter {
  const clients = new Map<string, { readonly failures: number; readonly last: number; readonly until: number }>();

  return {
    wait(address, now) {
      const until = clients.get(clientKey(address))?.until ?? 0;
      return Math.max(0, Math.ceil((until - now) / 1_000));
    },
    fail(address, now) {
      const key = clientKey(address);
      const found = clients.get(key);
      const failures = found === undefined || now - found.last >= FORGOTTEN_AFTER ? 1 : found.failures + 1;
      const wait = failures < FREE_GUESSES ? 0 : Math.min(FIRST_WAIT * 2 ** (failures - FREE_GUESSES), LONGEST_WAIT);
      clients.delete(key);
      // Whoever comes from this many addresses gets the oldest forgotten: the memory stays bounded.
      if (clients.size >= MOST_CLIENTS) clients.delete(clients.keys().next().value ?? "");
      clients.set(key, { failures, last: now, until: now + wait });
    },
    succeed: (address) => void clients.delete(clientKey(address)),
  };
}
