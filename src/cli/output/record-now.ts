import type { NormalOptions } from "../../config/normal-options.ts";
import { recordAt } from "../../schedule/timetable.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";

/** What counts for a site at `now`, whether or not anything is stored of it: of a closure that has ended nothing does. */
export function recordNow({ records }: State, id: string, now: number): SiteRecord {
  return recordAt(records.get(id) ?? openRecord(id), now);
}

/** The records that count for every site at `now`: of the groups that the configuration names, then of `*`. */
export function recordsForAll(state: State, { groups }: NormalOptions, now: number): readonly SiteRecord[] {
  return [...groups, ALL_SITES].map((id) => recordNow(state, id, now));
}
