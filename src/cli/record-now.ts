import { recordAt } from "../schedule/ended-closure.ts";
import { openRecord, type SiteRecord } from "../state/site-record.ts";
import type { State } from "../state/state.ts";

/** What counts for a site at `now`, whether or not anything is stored of it: of a closure that has ended nothing does. */
export function recordNow({ records }: State, id: string, now: number): SiteRecord {
  return recordAt(records.get(id) ?? openRecord(id), now);
}
