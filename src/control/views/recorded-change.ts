import { isMaintenanceError } from "../../errors.ts";
import { isClosedAt } from "../../schedule/timetable.ts";
import { parseInstant } from "../../state/instant.ts";
import { parseSiteRecord } from "../../state/parse-site-record.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import type { RecordChange, StateChange } from "../../stores/store.ts";

/** A record in the history; `unreadable` if it was edited by hand, or written by another release. */
export type RecordedSite = SiteRecord | null | "unreadable";

export interface RecordedChange {
  readonly before: RecordedSite;
  readonly after: RecordedSite;
}

/** Call `loadLinearRegExp` first: a record may contain regular expressions. */
export function readRecordedChange({ id, seen, before, after }: RecordChange): RecordedChange {
  return { before: readRecord(id, seen, before), after: readRecord(id, seen + 1, after) };
}

/** The changes of each site, newest first. */
export type ChangesBySite = ReadonlyMap<string, readonly (readonly [StateChange, RecordChange])[]>;

export function changesBySite(history: readonly StateChange[]): ChangesBySite {
  const bySite = new Map<string, [StateChange, RecordChange][]>();
  for (const change of history) {
    for (const record of change.records) {
      const changes = bySite.get(record.id);
      if (changes === undefined) bySite.set(record.id, [[change, record]]);
      else changes.push([change, record]);
    }
  }
  return bySite;
}

/** Returns the change that began the current closure of the site; `null` if the history does not reach back that far. */
export function findClosing(site: string, history: ChangesBySite): StateChange | null {
  for (const [change, record] of history.get(site) ?? []) {
    const { before, after } = readRecordedChange(record);
    if (before === "unreadable" || after === "unreadable") return null;
    const at = parseInstant(change.at);
    if (after === null || !isClosedAt(after, at)) return null;
    if (before === null || !isClosedAt(before, at)) return change;
  }
  return null;
}

/** Returns the newest reason for a change of the site since `closing`; empty if there is none. */
export function findReason(site: string, closing: StateChange, history: ChangesBySite): string {
  const changes = (history.get(site) ?? []).filter(([{ version }]) => version >= closing.version);
  return changes.find(([{ reason }]) => reason !== "")?.[0].reason ?? "";
}

function readRecord(id: string, version: number, text: string | null): RecordedSite {
  try {
    return text === null ? null : parseSiteRecord(id, version, text);
  } catch (error) {
    if (isMaintenanceError(error)) return "unreadable";
    throw error;
  }
}
