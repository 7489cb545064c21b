import { parseAddress } from "../rules/addresses/address.ts";

/** Counts wrong tokens and forged cookies per client, in this process only: nothing is shared or stored. */
export interface GuessLimiter {
  /** Whether this client has used up its guesses for the current interval. */
  isExhausted(address: string | undefined, now: number): boolean;
  /** Counts a wrong token or a forged cookie. */
  fail(address: string | undefined, now: number): void;
  /** When a client last used up its guesses, in epoch milliseconds; `null` if none has. */
  readonly reached: number | null;
}

/** Number of guesses within one interval; a genuine token is accepted even afterwards. */
const MAX_GUESSES = 10;
const INTERVAL_MS = 60_000;
/** Maximum number of clients that are remembered; beyond it, the oldest is dropped. */
const MAX_CLIENTS = 10_000;

/**
 * Allows each client ten guesses a minute. A token has 256 random bits: the limit bounds the cost of guesses, and names clients that guess.
 * `onFirstReached` is called once.
 */
export function createGuessLimiter(onFirstReached: (address: string | undefined) => void = () => {}): GuessLimiter {
  let reached: number | null = null;
  const clients = new Map<string, { readonly since: number; count: number }>();

  function current(key: string, now: number): { count: number } | null {
    const found = clients.get(key);
    if (found === undefined || now - found.since >= INTERVAL_MS) return null;
    return found;
  }

  return {
    get reached() {
      return reached;
    },
    isExhausted: (address, now) => (current(clientKey(address), now)?.count ?? 0) >= MAX_GUESSES,
    fail(address, now) {
      const key = clientKey(address);
      const found = current(key, now);
      if (found !== null) {
        found.count += 1;
        if (found.count !== MAX_GUESSES) return;
        if (reached === null) onFirstReached(address);
        reached = now;
        return;
      }
      // A client with this many addresses evicts the oldest: memory stays bounded.
      if (clients.size >= MAX_CLIENTS) clients.delete(clients.keys().next().value ?? "");
      clients.delete(key);
      clients.set(key, { since: now, count: 1 });
    },
  };
}

/** Returns the key under which a client's guesses are counted. An IPv6 client has a whole /64 (RFC 6177); clients that cannot be distinguished share a key. */
export function clientKey(address: string | undefined): string {
  const parsed = address === undefined ? null : parseAddress(address);
  if (parsed === null) return "";
  return typeof parsed === "number" ? String(parsed) : `${parsed[0]}:${parsed[1]}`;
}

/** The network from which one customer may have many addresses: a /24 of IPv4, a /48 of IPv6. */
export function networkKey(address: string | undefined): string {
  const parsed = address === undefined ? null : parseAddress(address);
  if (parsed === null) return "";
  return typeof parsed === "number" ? String(parsed >>> 8) : `${parsed[0]}:${parsed[1] >>> 16}`;
}
