import type { NormalOptions } from "../../config/normal-options.ts";
import { knownSites } from "../../control/apply/known-sites.ts";
import type { Controller } from "../../control/controller.ts";
import { type ChangesBySite, changesBySite } from "../../control/views/recorded-change.ts";
import { isMaintenanceError } from "../../errors.ts";
import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
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

/** Every site that is known, `*` first, with the hosts that the configuration and its record give it. */
export function hostsBySite(state: State, { sites, groups }: NormalOptions): ReadonlyMap<string, readonly string[]> {
  const known = [...knownSites(state, new Set([...sites.keys(), ...groups]))].sort();
  return new Map(
    known.map((id) => [id, [...new Set([...(sites.get(id) ?? []), ...(state.records.get(id)?.hosts ?? [])])]]),
  );
}

/** Returns the latest 200 changes, which say since when a site is closed. Empty when the history is unreadable: the state alone is shown then. */
export async function readRecentChanges(controller: Pick<Controller, "history">): Promise<ChangesBySite> {
  await loadLinearRegExp();
  try {
    return changesBySite(await controller.history({ limit: 200 }));
  } catch (error) {
    if (isMaintenanceError(error, "ERR_STATE_UNREADABLE")) return new Map();
    throw error;
  }
}
