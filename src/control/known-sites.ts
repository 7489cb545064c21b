import { MaintenanceError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import { listSome } from "./list-some.ts";

/** Every site that a command may name: those of the configuration, those with a record, and `*`. */
export function knownSites(state: State, configured: Iterable<string>): ReadonlySet<string> {
  return new Set([ALL_SITES, ...configured, ...state.records.keys(), ...state.unreadable.keys()]);
}

/**
 * @param mayAdd the caller wants something of the site that would make sense for a new one: the hint says how to add it.
 * @throws `ERR_UNKNOWN_SITE`, with the site that was probably meant, or with those that are known.
 */
export function requireKnown(
  id: string,
  known: ReadonlySet<string>,
  { mayAdd = false }: { readonly mayAdd?: boolean } = {},
): void {
  if (known.has(id)) return;
  const likely = nearest(
    id,
    [...known].filter((one) => one !== ALL_SITES),
  );
  const toAdd = mayAdd ? ` Add it with: npx maintenance-mode sites add ${id} --host HOST` : "";
  throw new MaintenanceError("ERR_UNKNOWN_SITE", `There is no site '${id}'.`, {
    hint: likely === undefined ? `Known are: ${listSome([...known])}.${toAdd}` : `Did you mean '${likely}'?`,
  });
}
