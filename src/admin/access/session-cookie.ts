import { hmacSha256 } from "#crypto";
import { equalInConstantTime } from "../../bypass/equal-in-constant-time.ts";

/** What the cookie of somebody who signed in says, and its signature proves. Times in epoch seconds. */
export interface AdminSession {
  /** The same from signing in to the end. */
  readonly session: string;
  /** Another with each renewal. */
  readonly id: string;
  readonly name: string;
  readonly began: number;
  readonly issued: number;
  readonly expires: number;
  /** That of the record when it began: raising that ends it. */
  readonly generation: number;
}

const PURPOSE = "maintenance-mode admin session 1";
const SEPARATOR = "~";

/** Signed with HMAC-SHA-256 (RFC 2104). `fingerprint` is that of the password. */
export function signSession(session: AdminSession, key: string, fingerprint: string): string {
  const { id, name, began, issued, expires, generation } = session;
  const payload = [session.session, id, name, began, issued, expires, generation].join(SEPARATOR);
  return `${payload}${SEPARATOR}${signature(payload, key, fingerprint)}`;
}

/** What one of `keys` has signed; `null` for anything else. Says nothing of whether the session is still in force. */
export function verifySession(value: string, keys: readonly string[], fingerprint: string): AdminSession | null {
  const end = value.lastIndexOf(SEPARATOR);
  const payload = value.slice(0, Math.max(end, 0));
  const given = value.slice(end + 1);
  let valid = false;
  for (const key of keys) valid = equalInConstantTime(given, signature(payload, key, fingerprint)) || valid;
  const [session, id, name, began, issued, expires, generation, ...more] = payload.split(SEPARATOR);
  if (!valid || !session || !id || !name || more.length > 0) return null;
  const times = { began: Number(began), issued: Number(issued), expires: Number(expires) };
  return { session, id, name, ...times, generation: Number(generation) };
}

function signature(payload: string, key: string, fingerprint: string): string {
  return hmacSha256(key, `${PURPOSE}\n${fingerprint}\n${payload}`);
}
