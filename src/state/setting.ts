import { MaintenanceError } from "../errors.ts";
import { normalizePath } from "../rules/paths/normalize.ts";

// Each function returns a valid setting of an operator, and throws for an invalid one.

/** Parses the status of blocked answers: 400 to 599. Throws `ERR_INVALID_STATUS`. */
export function parseStatus(value: number): number {
  if (Number.isInteger(value) && value >= 400 && value <= 599) return value;
  throw new MaintenanceError("ERR_INVALID_STATUS", `${value} is not a status for a closed site.`);
}

/**
 * Maximum of `Retry-After` and `Refresh` in seconds, one day: clients wait that long without asking again, and above 24.8 days (2^31 ms)
 * their timers overflow and they ask without a pause.
 */
export const MAX_RETRY_SECONDS = 86_400;

/** Parses the seconds of a header: 0 to a day. Throws `ERR_INVALID_OPTION`. */
export function parseSeconds(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= MAX_RETRY_SECONDS) return value;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${value} is not a number of seconds for a header.`, {
    hint: `Use a whole number from 0 to ${MAX_RETRY_SECONDS}, a day.`,
  });
}

/** Limits a stored value: an earlier release accepted up to a year, and its records must stay readable. */
export function limitSeconds(value: number): number {
  return Math.min(value, MAX_RETRY_SECONDS);
}

// In header values and log lines: RFC 9110 section 5.5 forbids these characters, and a terminal may interpret them.
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Parses a single-line text without control characters, for a header. Throws `ERR_INVALID_HEADER`. */
function parseHeaderValue(value: string): string {
  if (!CONTROL_CHARACTER.test(value)) return value;
  throw new MaintenanceError("ERR_INVALID_HEADER", `${JSON.stringify(value)} has a line break or a control character.`);
}

/** Parses a link for visitors: an absolute `http:` or `https:` URL. Throws `ERR_INVALID_OPTION`. */
export function parseUrl(value: string, hint = "Write an absolute URL with http:// or https://."): string {
  parseHeaderValue(value);
  const url = /^https?:\/\/[^\s/]/i.test(value) ? URL.parse(value) : null;
  if (url !== null) return url.href;
  throw new MaintenanceError("ERR_INVALID_OPTION", `'${value}' is not a link.`, { hint });
}

/**
 * Parses the target for redirected browsers: a path of this site (`/down`) or an absolute URL. Refuses `//host/path`, which looks like a
 * path and leads to another host. Throws `ERR_INVALID_OPTION`.
 */
export function parseRedirect(value: string): string {
  parseHeaderValue(value);
  if (/^\/(?![/\\])/.test(value)) return parsePathRedirect(value);
  return parseUrl(value, "Write a path of the site, such as '/down', or an absolute URL with http:// or https://.");
}

/** Resolves dot segments as a browser does. Refuses a path that the gate could not recognise in the redirected request. */
function parsePathRedirect(value: string): string {
  const { pathname, search, hash } = new URL(value, "http://localhost");
  if (normalizePath(pathname) !== null) return pathname + search + hash;
  throw new MaintenanceError("ERR_INVALID_OPTION", `'${value}' can be read as more than one path.`, {
    hint: "Write the path in its plain form: '/down'.",
  });
}

// RFC 5646, its general shape.
const LANGUAGE_TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/;

/** Parses a language tag. Throws `ERR_INVALID_OPTION`. */
export function parseLanguageTag(value: string): string {
  if (LANGUAGE_TAG.test(value)) return value;
  const hyphenated = value.replaceAll("_", "-");
  throw new MaintenanceError("ERR_INVALID_OPTION", `'${value}' is not a language tag.`, {
    hint: LANGUAGE_TAG.test(hyphenated) ? `Write '${hyphenated}'.` : "Write one as in Accept-Language: 'de', 'pt-BR'.",
  });
}
