import type { HeaderPair } from "./problem.ts";

const ONE_READER: readonly HeaderPair[] = [
  ["X-Content-Type-Options", "nosniff"],
  ["Cache-Control", "no-store"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
];

/** On what the admin's own pages may show in a frame: it is for one reader, now, and to be read as what it says it is. */
export const FRAMED_HEADERS: readonly HeaderPair[] = [
  ...ONE_READER,
  ["Referrer-Policy", "no-referrer"],
  ["X-Frame-Options", "SAMEORIGIN"],
];

/** On every other answer but a page. A page of the same site on another port may send the cookie along: it can show nothing of this. */
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

/** On every HTML answer of the admin: no other page frames it, and it runs only its own files. */
export const PAGE_HEADERS: readonly HeaderPair[] = [
  ...ONE_READER,
  // With `no-referrer` its forms would come with `Origin: null`, and browsers without `Sec-Fetch-Site` could not use them.
  ["Referrer-Policy", "same-origin"],
  ["Content-Security-Policy", POLICY.join("; ")],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"],
  ["X-Frame-Options", "DENY"],
];

/**
 * Sent with the end of a session. What the browser has kept of the admin's answers goes. Cookies and storage may be the application's,
 * on whose origin the admin is mounted, and stay.
 */
export const CLEAR_SITE_DATA: HeaderPair = ["Clear-Site-Data", '"cache"'];

/** `Headers` with all of these; of one name several times all stay. */
export function headersFrom(...lists: readonly (readonly HeaderPair[])[]): Headers {
  const headers = new Headers();
  for (const [name, value] of lists.flat()) headers.append(name, value);
  return headers;
}
