/**
 * The time left until `until`, said twice: in how long, and at what hour where the reader is. Empty when it is over or not known
 * (`NaN`). Both are in milliseconds since the epoch. A `language` that is no tag of BCP 47 gives way to the reader's own.
 */
export function sayTimeLeft(until: number, now: number, language: string): string {
  if (!(until > now)) return "";
  const locale = localeOf(language);
  const minutes = Math.ceil((until - now) / 60_000);
  const relative = new Intl.RelativeTimeFormat(locale);
  const left = minutes < 120 ? relative.format(minutes, "minute") : relative.format(Math.round(minutes / 60), "hour");
  return `${left} · ${new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(until)}`;
}

function localeOf(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    // The one thing it throws is a RangeError, for a `lang` such as "" or "en_US".
    return undefined;
  }
}
