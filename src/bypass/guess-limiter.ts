import { clientKey } from "./client-key.ts";

/** Counts wrong tokens by client, in this process only: nothing is shared, and nothing is stored. */
export interface GuessLimiter {
  /** Whether this client has used up its guesses for now. */
  isExhausted(address: string | undefined, now: number): boolean;
  /** Notes a wrong token. */
  fail(address: string | undefined, now: number): void;
  /** When a client last used up its guesses, in epoch milliseconds; `null`: none has. */
  readonly reached: number | null;
}

const MOST_GUESSES = 10;
const WINDOW = 60_000;
const MOST_CLIENTS = 10_000;

/** Ten wrong tokens a minute for each client; the token has 256 bits, so this is about the noise, and about who notices: `onFirstReached` is called once. */
export function createGuessLimiter(onFirstReached: (address: string | undefined) => void = () => {}): GuessLimiter {
  let reached: number | null = null;
  const clients = new Map<string, { readonly since: number; count: number }>();

  function current(key: string, now: number): { count: number } | null {
    const found = clients.get(key);
    if (found === undefined || now - found.since >= WINDOW) return null;
    return found;
  }

  return {
    get reached() {
      return reached;
    },
    isExhausted: (address, now) => (current(clientKey(address), now)?.count ?? 0) >= MOST_GUESSES,
    fail(address, now) {
      const key = clientKey(address);
      const found = current(key, now);
      if (found !== null) {
        found.count += 1;
        if (found.count !== MOST_GUESSES) return;
        if (reached === null) onFirstReached(address);
        reached = now;
        return;
      }
      // Whoever comes from this many addresses gets the oldest forgotten: the memory stays bounded.
      if (clients.size >= MOST_CLIENTS) clients.delete(clients.keys().next().value ?? "");
      clients.delete(key);
      clients.set(key, { since: now, count: 1 });
    },
  };
}
