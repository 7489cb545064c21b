import { closestMatch } from "leven";
import { MaintenanceError } from "../errors.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import { listSome } from "./list-some.ts";

/** Every site that a command may name: those of the configuration, those with a record, and `*`. */
export function knownSites(state: State, configured: Iterable<string>): ReadonlySet<string> {
  return new Set([ALL_SITES, ...configured, ...state.records.keys(), ...state.unreadable.keys()]);
}

/** Throws `ERR_UNKNOWN_SITE`, with the likely one. */
export function requireKnown(id: string, known: ReadonlySet<string>): void {
  if (known.has(id)) return;
  const likely = closestMatch(id, [...known], { maxDistance: 3 });
  throw new MaintenanceError("ERR_UNKNOWN_SITE", `There is no site '${id}'.`, {
    hint:
      likely === undefined || likely === ALL_SITES
        ? `Known are: ${listSome([...known])}. Add it with: npx maintenance-mode sites add ${id} --host HOST`
        : `Did you mean '${likely}'?`,
  });
}
