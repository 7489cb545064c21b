import type { NormalOptions } from "../../config/normal-options.ts";
import { knownSites } from "../../control/apply/known-sites.ts";
import type { Controller } from "../../control/controller.ts";
import { type ChangesBySite, changesBySite } from "../../control/views/recorded-change.ts";
import { isMaintenanceError } from "../../errors.ts";
import { loadLinearRegExp, mayHoldLinearRegExp } from "../../rules/linear-regexp.ts";
import { recordAt } from "../../schedule/timetable.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";

/** Returns the record of a site as it applies at `now`, also if nothing is stored. A closure that has ended no longer applies. */
export function recordNow({ records }: State, id: string, now: number): SiteRecord {
  return recordAt(records.get(id) ?? openRecord(id), now);
}

/** Returns the records that apply to every site at `now`: of the groups in the configuration, then of `*`. */
export function recordsForAll(state: State, { groups }: NormalOptions, now: number): readonly SiteRecord[] {
  return [...groups, ALL_SITES].map((id) => recordNow(state, id, now));
}

/** Returns every known site, `*` first, with the hosts from the configuration and its record. */
export function hostsBySite(state: State, { sites, groups }: NormalOptions): ReadonlyMap<string, readonly string[]> {
  const known = [...knownSites(state, new Set([...sites.keys(), ...groups]))].sort();
  return new Map(
    known.map((id) => [id, [...new Set([...(sites.get(id) ?? []), ...(state.records.get(id)?.hosts ?? [])])]]),
  );
}

/** Returns the latest 200 changes, for the start of closures. Empty if the history is unreadable: then only the state is shown. */
export async function readRecentChanges(controller: Pick<Controller, "history">): Promise<ChangesBySite> {
  try {
    const history = await controller.history({ limit: 200 });
    const records = history.flatMap((change) => change.records);
    if (mayHoldLinearRegExp(records.flatMap(({ before, after }) => [before, after]))) await loadLinearRegExp();
    return changesBySite(history);
  } catch (error) {
    if (isMaintenanceError(error, "ERR_STATE_UNREADABLE")) return new Map();
    throw error;
  }
}
