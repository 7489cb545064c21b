import { MaintenanceError } from "../errors.ts";
import { isDuration, parseDuration } from "./duration.ts";
import { formatInstant, type Instant, parseInstant } from "./instant.ts";

/** An end as a program passes it: a `Date`, an RFC 3339 time, or a duration from now such as `2h`. */
export type End = Date | string;

/** Returns the end in whole seconds. `now` is in epoch milliseconds. Throws `ERR_INVALID_TIME`, also for an end in the past. */
export function resolveEnd(end: End, now: number, name: string): Instant {
  const time = timeOf(end, now, name);
  if (time > now) return formatInstant(time);
  throw new MaintenanceError("ERR_INVALID_TIME", `${name}: ${formatInstant(time)} is in the past.`);
}

function timeOf(end: End, now: number, name: string): number {
  if (typeof end === "string") return isDuration(end) ? now + parseDuration(end) : parseInstant(end);
  if (end instanceof Date && !Number.isNaN(end.getTime())) return end.getTime();
  throw new MaintenanceError("ERR_INVALID_TIME", `${name}: it is not a time.`, {
    hint: "Pass a Date, an RFC 3339 time such as '2026-12-01T06:00:00Z', or a duration such as '2h'.",
  });
}
