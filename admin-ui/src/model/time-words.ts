const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2 hours`, `1 hour 30 minutes`, `3 days`: to the minute, in two units at most. */
export function spanWords(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return count(minutes, "minute");
  if (minutes < 48 * 60) return join(count(Math.floor(minutes / 60), "hour"), count(minutes % 60, "minute"));
  const hours = Math.round(minutes / 60);
  return join(count(Math.floor(hours / 24), "day"), count(hours % 24, "hour"));
}

/** `12 minutes ago` */
export function agoWords(moment: number, now: number): string {
  const passed = now - moment;
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return `${count(Math.floor(passed / MINUTE), "minute")} ago`;
  if (passed < DAY) return `${count(Math.floor(passed / HOUR), "hour")} ago`;
  return `${count(Math.floor(passed / DAY), "day")} ago`;
}

/** The hour in local time, with the day where it is not today: `23:40`, `tomorrow 06:00`, `Fri 14 May, 06:00`. */
export function hourWords(moment: number, now: number): string {
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(moment);
  const days = dayNumber(moment) - dayNumber(now);
  if (days === 0) return hour;
  if (days === 1) return `tomorrow ${hour}`;
  if (days === -1) return `yesterday ${hour}`;
  const sameYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  const date: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
  const day = new Intl.DateTimeFormat("en-GB", sameYear ? date : { ...date, year: "numeric" }).format(moment);
  return `${day}, ${hour}`;
}

/** The time zone in which this page tells hours: `Europe/Berlin`. */
export function zoneName(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function count(number: number, noun: string): string {
  return number === 0 ? "" : `${number.toLocaleString("en-GB")} ${noun}${number === 1 ? "" : "s"}`;
}

function join(first: string, second: string): string {
  return second === "" ? first : `${first} ${second}`;
}

/** Of the local day, so that neither daylight saving nor midnight counts wrong. */
function dayNumber(moment: number): number {
  const date = new Date(moment);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}
