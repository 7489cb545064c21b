import type { HeaderPair } from "./problem.ts";

const ONE_READER: readonly HeaderPair[] = [
  ["X-Content-Type-Options", "nosniff"],
  ["Cache-Control", "no-store"],
];

/** On every answer but a page: it is for one reader, now, and to be read as what it says it is. */
export const COMMON_HEADERS: readonly HeaderPair[] = [...ONE_READER, ["Referrer-Policy", "no-referrer"]];

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

/** On every HTML answer of the admin's own: nobody frames it, nothing runs in it but its own files. */
export const PAGE_HEADERS: readonly HeaderPair[] = [
  ...ONE_READER,
  // With `no-referrer` its forms would come with `Origin: null`, and browsers without `Sec-Fetch-Site` could not use them.
  ["Referrer-Policy", "same-origin"],
  ["Content-Security-Policy", POLICY.join("; ")],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["X-Frame-Options", "DENY"],
];

/** `Headers` with all of these; of one name several times all stay. */
export function headersFrom(...lists: readonly (readonly HeaderPair[])[]): Headers {
  const headers = new Headers();
  for (const [name, value] of lists.flat()) headers.append(name, value);
  return headers;
}
