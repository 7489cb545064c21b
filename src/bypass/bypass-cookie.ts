import { signValue, verifyValue } from "./signed-value.ts";

/** The content of a bypass cookie, proved by its signature. */
export interface BypassGrant {
  readonly link: string;
  readonly site: string;
  /** The site's link generation when the cookie was issued: raising it invalidates the cookie. */
  readonly generation: number;
  /** Epoch seconds. */
  readonly expires: number;
}

const SIGNING = { purpose: "maintenance-mode bypass cookie 1", parts: 4 };

/** Returns the value of a cookie for `grant`. */
export function signGrant({ link, site, generation, expires }: BypassGrant, key: string): string {
  return signValue(SIGNING, [link, site, generation, expires], key);
}

/**
 * Returns the grant in the value of a cookie if one of `keys` has signed it; otherwise `null`. The caller checks that the link is still
 * valid, and the time.
 */
export function verifyGrant(value: string, keys: readonly string[]): BypassGrant | null {
  const [link, site, generation, expires] = verifyValue(SIGNING, value, keys) ?? [];
  if (!link || !site || !isCount(generation) || !isCount(expires)) return null;
  return { link, site, generation: Number(generation), expires: Number(expires) };
}

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^(?:0|[1-9]\d{0,14})$/.test(text);
}
