import { MaintenanceError } from "../errors.ts";

/** A time as records store it: RFC 3339, UTC, whole seconds: `2026-12-01T06:00:00Z`. */
export type Instant = string;

// RFC 3339 section 5.6, with its mandatory offset: without one, the time would differ between servers.
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Converts epoch milliseconds to an instant, rounding down to a second. */
export function formatInstant(time: number): Instant {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Converts an RFC 3339 time to epoch milliseconds. Throws `ERR_INVALID_TIME`. */
export function parseInstant(text: string, hint = "Write one such as '2026-12-01T06:00:00Z'."): number {
  const time = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time) || !keepsItsDay(text, time)) {
    throw new MaintenanceError("ERR_INVALID_TIME", `'${text}' is not an RFC 3339 time with an offset.`, { hint });
  }
  return time;
}

/** `Date.parse` reads 30 February as 2 March: if the day differs, it does not exist. */
function keepsItsDay(text: string, time: number): boolean {
  const offset = /([+-])(\d{2}):(\d{2})$/.exec(text);
  const minutes = offset === null ? 0 : (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === "-" ? -1 : 1);
  return new Date(time + minutes * 60_000).toISOString().slice(0, 10) === text.slice(0, 10);
}
