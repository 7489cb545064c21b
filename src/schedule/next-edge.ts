import type { Timetable } from "./active-mode.ts";

/** The next moment after `now` at which a mode changes by itself; `Infinity` when none does. */
export function nextEdge(timetables: Iterable<Timetable>, now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { mode, until } of timetables) {
    if (mode !== "open" && until > now && until < next) next = until;
  }
  return next;
}
