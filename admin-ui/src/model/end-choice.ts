import { t } from "../language/current.ts";

/** When a closure ends automatically. `as-now`: the stored end stays. */
export type EndChoice =
  | { readonly kind: "as-now" }
  | { readonly kind: "never" }
  | { readonly kind: "after"; readonly minutes: number }
  | { readonly kind: "tomorrow" }
  | { readonly kind: "at"; readonly local: string };

/** Returns the end in epoch milliseconds, `null` for no end, or an error message. Local times are in the browser's time zone. */
export function endOf(choice: EndChoice, now: number, current: number | null): number | null | string {
  switch (choice.kind) {
    case "as-now":
      return current;
    case "never":
      return null;
    case "after":
      return wholeSeconds(now + choice.minutes * 60_000);
    case "tomorrow": {
      const day = new Date(now);
      return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 6).getTime();
    }
    case "at": {
      const end = Date.parse(choice.local);
      if (Number.isNaN(end)) return t().end.missing;
      return end > now ? end : t().end.past;
    }
  }
}

/** RFC 3339 in UTC, to the second, as the API takes it. */
export function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Returns the value of a date-time input for a time, in local time: `2026-05-14T22:00`. */
export function localInputValue(milliseconds: number): string {
  const local = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000) * 1_000;
}
