import type { HeaderPair } from "./problem.ts";

const ONE_READER: readonly HeaderPair[] = [
  ["X-Content-Type-Options", "nosniff"],
  ["Cache-Control", "no-store"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
];

/** For content that the admin's own pages may show in a frame: not cached, with its declared type only. */
export const FRAMED_HEADERS: readonly HeaderPair[] = [
  ...ONE_READER,
  ["Referrer-Policy", "no-referrer"],
  ["X-Frame-Options", "SAMEORIGIN"],
];

/** For every answer except pages. A page of the same site on another port may send the cookie, but can show nothing of the answer. */
export const COMMON_HEADERS: readonly HeaderPair[] = [
  ...ONE_READER,
  ["Referrer-Policy", "no-referrer"],
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["X-Frame-Options", "DENY"],
];

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

/** For every HTML answer of the admin: no other page can frame it, and it runs only its own files. */
export const PAGE_HEADERS: readonly HeaderPair[] = [
  ...ONE_READER,
  // With `no-referrer` its forms would be sent with `Origin: null`, which fails in browsers without `Sec-Fetch-Site`.
  ["Referrer-Policy", "same-origin"],
  ["Content-Security-Policy", POLICY.join("; ")],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"],
  ["X-Frame-Options", "DENY"],
];

/**
 * Sent at the end of a session: the browser drops cached answers of the admin. Cookies and storage may belong to the application on the
 * same origin, and are kept.
 */
export const CLEAR_SITE_DATA: HeaderPair = ["Clear-Site-Data", '"cache"'];

/** Returns `Headers` with all of these, keeping repeated names. */
export function headersFrom(...lists: readonly (readonly HeaderPair[])[]): Headers {
  const headers = new Headers();
  for (const [name, value] of lists.flat()) headers.append(name, value);
  return headers;
}
