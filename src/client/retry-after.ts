/**
 * The seconds from `now`, in milliseconds since the epoch, that a `Retry-After` asks for (RFC 9110 section 10.2.3); `NaN` for what
 * is none. Of the forms of a date all are read but that of `asctime`, which nobody sends.
 */
export function secondsOf(value: string, now: number): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  return /^\D.*GMT$/.test(value) ? Math.max(0, Math.ceil((Date.parse(value) - now) / 1000)) : NaN;
}
