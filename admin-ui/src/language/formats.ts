import type { Texts } from "../texts/en.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Times and names as they are written in the language of the page. */
export interface Formats {
  /** `2 hours`, `1 hour 30 minutes`, `3 days`: to the minute, in two units at most. */
  span(milliseconds: number): string;
  /** `12 minutes ago` */
  ago(moment: number, now: number): string;
  /** The hour in local time, with the day where it is not today: `23:40`, `tomorrow 06:00`, `Wed 20 May, 06:00`. */
  hour(moment: number, now: number): string;
  /** `German (de)`: a language, with its tag. */
  languageName(tag: string): string;
  compare(a: string, b: string): number;
}

type Unit = "day" | "hour" | "minute";

/** `locale`: the language of the page in the reader's region, such as `en-GB`. */
export function createFormats(locale: string, { lessThanAMinute, justNow, dayAndHour }: Texts["time"]): Formats {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const past = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
  // `06:00`, but `6:00 AM`.
  const { hour12 } = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions();
  const ofDay = { hour: hour12 === true ? "numeric" : "2-digit", minute: "2-digit" } as const;
  const hours = new Intl.DateTimeFormat(locale, ofDay);
  const joined = new Intl.ListFormat(locale, { type: "unit", style: "narrow" });
  const languages = new Intl.DisplayNames(locale, { type: "language" });
  const { compare } = new Intl.Collator(locale);
  const amount = (value: number, unit: Unit): string[] =>
    value === 0 ? [] : [new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(value)];
  const two = (first: string[], second: string[]): string => joined.format([...first, ...second]);
  return {
    span(milliseconds) {
      const minutes = Math.round(milliseconds / MINUTE);
      if (minutes < 1) return lessThanAMinute;
      if (minutes < 48 * 60) return two(amount(Math.floor(minutes / 60), "hour"), amount(minutes % 60, "minute"));
      const wholeHours = Math.round(minutes / 60);
      return two(amount(Math.floor(wholeHours / 24), "day"), amount(wholeHours % 24, "hour"));
    },
    ago(moment, now) {
      const passed = now - moment;
      if (passed < MINUTE) return justNow;
      if (passed < HOUR) return past.format(-Math.floor(passed / MINUTE), "minute");
      if (passed < DAY) return past.format(-Math.floor(passed / HOUR), "hour");
      return past.format(-Math.floor(passed / DAY), "day");
    },
    hour(moment, now) {
      const days = dayNumber(moment) - dayNumber(now);
      const hour = hours.format(moment);
      if (days === 0) return hour;
      if (Math.abs(days) === 1) return dayAndHour({ day: relative.format(days, "day"), hour });
      const sameYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
      return new Intl.DateTimeFormat(locale, {
        weekday: "short",
        day: "numeric",
        month: "short",
        ...ofDay,
        ...(sameYear ? {} : { year: "numeric" }),
      }).format(moment);
    },
    languageName(tag) {
      try {
        const name = languages.of(tag);
        return name === undefined || name === tag ? tag : `${name} (${tag})`;
      } catch {
        return tag;
      }
    },
    compare,
  };
}

/** Of the local day, so that neither daylight saving nor midnight counts wrong. */
function dayNumber(moment: number): number {
  const date = new Date(moment);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}
