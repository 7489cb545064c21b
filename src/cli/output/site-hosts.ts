import type { NormalOptions } from "../../config/normal-options.ts";
import { knownSites } from "../../control/apply/known-sites.ts";
import type { State } from "../../state/state.ts";

/** Every site that is known, `*` first, with the hosts that the configuration and its record give it. */
export function hostsBySite(state: State, { sites, groups }: NormalOptions): ReadonlyMap<string, readonly string[]> {
  const known = [...knownSites(state, new Set([...sites.keys(), ...groups]))].sort();
  return new Map(
    known.map((id) => [id, [...new Set([...(sites.get(id) ?? []), ...(state.records.get(id)?.hosts ?? [])])]]),
  );
}
