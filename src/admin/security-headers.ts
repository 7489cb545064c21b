import type { HeaderPair } from "./problem.ts";

/** On every answer: it is for one reader, now, and to be read as what it says it is. */
export const COMMON_HEADERS: readonly HeaderPair[] = [
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["Cache-Control", "no-store"],
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

/** On every HTML answer of the admin's own: nobody frames it, nothing runs in it but its own files. */
export const PAGE_HEADERS: readonly HeaderPair[] = [
  ...COMMON_HEADERS,
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
