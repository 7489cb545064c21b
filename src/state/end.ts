import { kindOf, MaintenanceError } from "../errors.ts";
import { isDuration, likelyDuration, parseDuration } from "./duration.ts";
import { formatInstant, type Instant, parseInstant } from "./instant.ts";

/** An end as a program passes it: a `Date`, an RFC 3339 time, or a duration from now such as `2h`. */
export type End = Date | string;

/**
 * Returns an end as text: an RFC 3339 time in UTC and whole seconds, or the duration, which counts from the moment of the change. Throws
 * `ERR_INVALID_TIME`.
 */
export function parseEnd(end: unknown): string {
  if (end instanceof Date && !Number.isNaN(end.getTime())) return formatInstant(end.getTime());
  if (typeof end !== "string") {
    const found = end instanceof Date ? "an invalid Date" : kindOf(end);
    throw new MaintenanceError("ERR_INVALID_TIME", `${found} is not a time.`, { hint: HINT });
  }
  if (isDuration(end) || likelyDuration(end) !== null) {
    parseDuration(end);
    return end;
  }
  return formatInstant(parseInstant(end, HINT));
}

const HINT = "Write an RFC 3339 time such as '2026-12-01T06:00:00Z', or a duration such as '2h'.";

/** Returns the end in whole seconds. `now` is in epoch milliseconds. Throws `ERR_INVALID_TIME`, also for an end in the past. */
export function resolveEnd(end: End, now: number, name: string): Instant {
  const time = endTime(end, now);
  if (time > now) return formatInstant(time);
  throw new MaintenanceError("ERR_INVALID_TIME", `${name}: ${formatInstant(time)} is in the past.`, {
    hint: "Write a later time, or a duration such as '2h'.",
  });
}

/** Returns the end in epoch milliseconds. Throws `ERR_INVALID_TIME`. */
export function endTime(end: End, now: number): number {
  const text = parseEnd(end);
  return isDuration(text) ? now + parseDuration(text) : parseInstant(text);
}
