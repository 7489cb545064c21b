import { Temporal } from "temporal-polyfill";
import { MaintenanceError } from "../../errors.ts";
import { isDuration, likelyDuration, parseDuration } from "../../state/duration.ts";
import { parseInstant } from "../../state/instant.ts";
import { nearest } from "../../text/nearest.ts";
import { formatTime, type TimeReference } from "./format-time.ts";

export interface ParsedTime {
  /** Epoch milliseconds, in whole seconds, in the future. */
  readonly time: number;
  /** The zone in which to print the time: the given one, else the local one. */
  readonly timeZone: string;
  /** The reading of a local time that does not exist or is ambiguous because the clocks change; else `null`. */
  readonly remark: string | null;
}

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i;
const DAY = "today|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|\\d{4}-\\d{2}-\\d{2}";
const WALL_CLOCK = new RegExp(`^(?:(${DAY})[T ])?(\\d{1,2}):(\\d{2})(?::(\\d{2}))?(?: (.+))?$`, "i");
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * Parses a time in the future: `22:00` (its next occurrence), `tomorrow 03:00 Europe/Berlin`, `monday 06:00`, `2h`, `in 2h`,
 * `2026-12-01 06:00`, RFC 3339. A local time that the clocks skip moves forward; of an ambiguous one the later counts, so that no site
 * opens early. Throws `ERR_INVALID_TIME` with the value.
 */
export function parseTime(text: string, reference: TimeReference): ParsedTime {
  const value = text.trim().replace(/\s+/g, " ");
  const duration = value.replace(/^in /i, "");
  if (isDuration(duration)) return after(parseDuration(duration), reference);
  const [, date, time, seconds = ":00", offset] = RFC_3339.exec(value) ?? [];
  const found =
    date === undefined
      ? parseWallClock(value, reference)
      : { time: parseInstant(`${date}T${time}${seconds}${offset}`), timeZone: reference.timeZone, remark: null };
  if (found.time > reference.now) return found;
  throw new MaintenanceError(
    "ERR_INVALID_TIME",
    `'${text}' is in the past: ${formatTime(found.time, { ...reference, timeZone: found.timeZone })}.`,
  );
}

/** Returns the time `duration` milliseconds from now, rounded up to a second. */
export function after(duration: number, { now, timeZone }: TimeReference): ParsedTime {
  return { time: Math.ceil((now + duration) / 1_000) * 1_000, timeZone, remark: null };
}

function parseWallClock(value: string, { now, timeZone }: TimeReference): ParsedTime {
  const [match, day = "", hour, minute, second = 0, zoneName] = WALL_CLOCK.exec(value) ?? [];
  if (match === undefined) {
    const likely = likelyDuration(value.replace(/^in /i, ""));
    const hint = likely === null ? {} : { hint: `Did you mean '${likely}'?` };
    throw new MaintenanceError("ERR_INVALID_TIME", `'${value}' is not a time.`, hint);
  }
  const zone = zoneName === undefined ? timeZone : parseTimeZone(zoneName);
  const time = onClock(value, () =>
    Temporal.PlainTime.from(
      { hour: Number(hour), minute: Number(minute), second: Number(second) },
      { overflow: "reject" },
    ),
  );
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const days = onClock(value, () => daysFor(day.toLowerCase(), today));
  const candidates = days.map((date) => inZone(date.toPlainDateTime(time), zone));
  const found = candidates.find((candidate) => candidate.time > now) ?? candidates.at(-1);
  if (found === undefined) throw new MaintenanceError("ERR_INVALID_TIME", `'${value}' is not a time.`);
  return found;
}

/** Returns the matching days, from the first that is not over. */
function daysFor(day: string, today: Temporal.PlainDate): readonly Temporal.PlainDate[] {
  if (day === "") return [0, 1, 2].map((days) => today.add({ days }));
  if (day === "today") return [today];
  if (day === "tomorrow") return [today.add({ days: 1 })];
  const weekday = WEEKDAYS.indexOf(day.slice(0, 3)) + 1;
  if (weekday === 0) return [Temporal.PlainDate.from(day)];
  const ahead = (weekday - today.dayOfWeek + 7) % 7;
  return [ahead, ahead + 7].map((days) => today.add({ days }));
}

function inZone(wanted: Temporal.PlainDateTime, timeZone: string): ParsedTime {
  const earlier = wanted.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  const later = wanted.toZonedDateTime(timeZone, { disambiguation: "later" });
  return { time: later.epochMilliseconds, timeZone, remark: remarkOn(wanted, earlier, later) };
}

function remarkOn(
  wanted: Temporal.PlainDateTime,
  earlier: Temporal.ZonedDateTime,
  later: Temporal.ZonedDateTime,
): string | null {
  if (earlier.equals(later)) return null;
  const hour = `${hourOf(wanted)} on ${wanted.toPlainDate()} in ${later.timeZoneId}`;
  return later.toPlainDateTime().equals(wanted)
    ? `${hour} comes twice, because the clocks go back: the later one counts.`
    : `${hour} does not exist, because the clocks go forward: ${hourOf(later)} counts.`;
}

function hourOf(time: Temporal.PlainDateTime | Temporal.ZonedDateTime): string {
  return `${time.toPlainTime()}`.slice(0, 5);
}

function onClock<T>(value: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new MaintenanceError("ERR_INVALID_TIME", `'${value}' is not a valid date or time.`, { cause });
  }
}

/** Returns the name of a zone as in the IANA database, or an offset such as `+01:00`. Throws `ERR_INVALID_TIME`. */
function parseTimeZone(text: string): string {
  const name = text.toUpperCase() === "Z" ? "UTC" : text;
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch (cause) {
    const likely = likelyZone(text);
    const hint = likely === undefined ? "Write one such as 'Europe/Berlin' or 'UTC'." : `Did you mean '${likely}'?`;
    throw new MaintenanceError("ERR_INVALID_TIME", `'${text}' is not a time zone.`, { hint, cause });
  }
}

/** Returns the zone of a city, or else the zone with the most similar name. */
function likelyZone(text: string): string | undefined {
  const zones = Intl.supportedValuesOf("timeZone");
  const city = text.toLowerCase().replaceAll(" ", "_");
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? nearest(text, zones);
}
