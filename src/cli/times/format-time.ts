import { formatInstant } from "../../state/instant.ts";

/** Returns the full form: `Saturday 21 November 2026, 22:00 Europe/Berlin (in 2 h 10 min; 2026-11-21T21:00:00Z)`. */
export function formatTime(time: number, { now, timeZone }: TimeReference): string {
  const part = partsOf(time, timeZone);
  const day = `${part("weekday")} ${Number(part("day"))} ${part("month")} ${part("year")}`;
  return `${day}, ${part("hour")}:${part("minute")} ${timeZone} (${formatDistance(time, now)}; ${formatInstant(time)})`;
}

/** Returns the form for a column: `2026-11-21 22:00`. */
export function formatShortTime(time: number, timeZone: string): string {
  const part = partsOf(time, timeZone, "2-digit");
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`;
}

/** Returns `in 2 h 10 min`, `now` or `5 min ago`. */
export function formatDistance(time: number, now: number): string {
  if (Math.abs(time - now) < 500) return "now";
  return time >= now ? `in ${formatSpan(time - now)}` : `${formatSpan(now - time)} ago`;
}

/** Returns the two largest units of a span in milliseconds: `3 d 4 h`, `1 min 30 s`. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  const [d, h, min, s] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const units = [`${d} d`, `${h} h`, `${min} min`, `${s} s`];
  const first = units.findIndex((unit) => !unit.startsWith("0"));
  if (first === -1) return "0 s";
  return units
    .slice(first, first + 2)
    .filter((unit) => !unit.startsWith("0"))
    .join(" ");
}

function partsOf(time: number, timeZone: string, month: "long" | "2-digit" = "long"): (type: string) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    day: "2-digit",
    month,
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map<string, string>(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return (type) => parts.get(type) ?? "";
}

/** The time and the zone with which times are parsed and printed. */
export interface TimeReference {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The local zone, by its IANA name: `Europe/Berlin`. */
  readonly timeZone: string;
}
