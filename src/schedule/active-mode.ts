import type { Mode } from "../state/mode.ts";

/** What a record says about time, compiled: epoch milliseconds, so that asking costs one comparison. */
export interface Timetable {
  /** The manual switch. */
  readonly mode: Mode;
  /** When the manual switch falls back to open; `Infinity` when it does not. */
  readonly until: number;
}

/** The mode in force at `now`. The end is exclusive: at `until` the site is open. */
export function activeMode(timetable: Timetable, now: number): Mode {
  return now < timetable.until ? timetable.mode : "open";
}
