import { MaintenanceError } from "../../errors.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import { listSome } from "../../text/list.ts";
import { nearest } from "../../text/nearest.ts";

/** Ids of sites. */
export interface KnownSites extends Iterable<string> {
  has(id: string): boolean;
}

/**
 * Returns the sites that a command may name: the configured ones, those with a record, and `*`. A view and not a copy: there may be
 * 100,000, and a command looks up only the sites that it names.
 */
export function knownSites(state: State, configured: ConfiguredSites): KnownSites {
  const { records, unreadable } = state;
  return {
    has: (id) => id === ALL_SITES || configured.has(id) || records.has(id) || unreadable.has(id),
    [Symbol.iterator]: () => allSites(state, configured).values(),
  };
}

type ConfiguredSites = Pick<ReadonlySet<string>, "has"> & { keys(): Iterable<string> };

function allSites({ records, unreadable }: State, configured: ConfiguredSites): ReadonlySet<string> {
  return new Set([ALL_SITES, ...configured.keys(), ...records.keys(), ...unreadable.keys()]);
}

/**
 * @param mayAdd the command makes sense for a new site: the hint says how to add it.
 * @throws `ERR_UNKNOWN_SITE`, with the site that was probably meant, or with the known ones.
 */
export function requireKnown(
  id: string,
  known: KnownSites,
  { mayAdd = false }: { readonly mayAdd?: boolean } = {},
): void {
  if (known.has(id)) return;
  const likely = nearest(
    id,
    [...known].filter((one) => one !== ALL_SITES),
  );
  const toAdd = mayAdd ? ` Add it with: npx maintenance-mode sites add ${id} --host HOST` : "";
  throw new MaintenanceError("ERR_UNKNOWN_SITE", `There is no site '${id}'.`, {
    hint: likely === undefined ? `Known sites: ${listSome([...known])}.${toAdd}` : `Did you mean '${likely}'?`,
  });
}
