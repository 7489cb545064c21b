import { hmacSha256 } from "#crypto";
import { equalInConstantTime } from "./access-token.ts";

/** What a bypass cookie says, and its signature proves. */
export interface BypassGrant {
  readonly link: string;
  readonly site: string;
  /** The site's link generation when it was issued: raising that voids it. */
  readonly generation: number;
  /** Epoch seconds. */
  readonly expires: number;
}

const PURPOSE = "maintenance-mode bypass cookie 1";
const SEPARATOR = "~";

/** A cookie's value for `grant`, signed with HMAC-SHA-256 (RFC 2104). */
export function signGrant({ link, site, generation, expires }: BypassGrant, key: string): string {
  const payload = [link, site, generation, expires].join(SEPARATOR);
  return `${payload}${SEPARATOR}${signature(payload, key)}`;
}

/**
 * What the value of a cookie grants, when one of `keys` has signed it; `null` for anything else. Says nothing of whether the link still
 * stands, or of the time.
 */
export function verifyGrant(value: string, keys: readonly string[]): BypassGrant | null {
  const end = value.lastIndexOf(SEPARATOR);
  const payload = value.slice(0, end);
  const [link, site, generation, expires, ...more] = payload.split(SEPARATOR);
  if (end === -1 || !link || !site || !isCount(generation) || !isCount(expires) || more.length > 0) return null;
  const given = value.slice(end + 1);
  let valid = false;
  for (const key of keys) valid = equalInConstantTime(given, signature(payload, key)) || valid;
  return valid ? { link, site, generation: Number(generation), expires: Number(expires) } : null;
}

/** The link that a value names, before anything is believed: it says by which key to verify. */
export function claimedLink(value: string): string {
  return value.slice(0, Math.max(value.indexOf(SEPARATOR), 0));
}

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^(?:0|[1-9]\d{0,14})$/.test(text);
}

function signature(payload: string, key: string): string {
  return hmacSha256(key, `${PURPOSE}\n${payload}`);
}
