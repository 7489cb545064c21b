import { parseInstant } from "../state/instant.ts";
import type { Mode } from "../state/mode.ts";
import type { SiteRecord } from "../state/site-record.ts";

/** Whether the manual switch is in force at `now`. */
export function isClosedAt({ mode, until }: SiteRecord, now: number): boolean {
  return activeMode({ mode, until: until === null ? Number.POSITIVE_INFINITY : parseInstant(until) }, now) !== "open";
}

/** Returns the record with its site open: the settings from before the closure are restored, links created for it are removed. */
export function openRecordAgain(record: SiteRecord): SiteRecord {
  const links = lastingLinks(record.links);
  return { ...record, ...record.restore, mode: "open", since: null, until: null, restore: null, scope: null, links };
}

/** Returns the links that outlast a closure: the same list if all of them do. */
export function lastingLinks(links: SiteRecord["links"]): SiteRecord["links"] {
  return links.some(({ untilOpen }) => untilOpen === true)
    ? links.filter(({ untilOpen }) => untilOpen !== true)
    : links;
}

/**
 * Returns the record as it applies at `now`. After the end of a closure its settings no longer apply, although the store still has them:
 * its exemptions must not apply to the next closure. Returns `record` itself when no closure has ended.
 */
export function recordAt(record: SiteRecord, now: number): SiteRecord {
  return record.mode === "open" || isClosedAt(record, now) ? record : openRecordAgain(record);
}

/** The times of a record, compiled: epoch milliseconds, so that a check costs one comparison. */
export interface Timetable {
  /** The manual switch. */
  readonly mode: Mode;
  /** When the manual switch returns to open; `Infinity` if it does not. */
  readonly until: number;
}

/** Returns the mode in force at `now`. The end is exclusive: at `until` the site is open. */
export function activeMode(timetable: Timetable, now: number): Mode {
  return now < timetable.until ? timetable.mode : "open";
}

/** Returns when a mode next changes automatically after `now`, in epoch milliseconds; `Infinity` if none does. */
export function nextEdge(timetables: Iterable<Timetable>, now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { mode, until } of timetables) {
    if (mode !== "open" && until > now && until < next) next = until;
  }
  return next;
}
