import type { ChangeResult } from "../../../../src/admin/schema/responses.ts";
import { keepSite } from "./site-cache.ts";
import { keepListed, reloadSites } from "./site-list.ts";

/** The last change made on this page for which the list was read again: its event needs no further reading. */
let listed: { readonly version: number; readonly sites: ReadonlySet<string> } | null = null;

/** Shows what a change did, in the list and on the page of each site, before it is announced: by its own answer, where that says all. */
export async function showChange({ outcomes, sites, version }: ChangeResult): Promise<void> {
  for (const site of sites) keepSite(site);
  keepListed(sites);
  // What `*` or a group does to other sites is in none of these.
  const all = sites.length === outcomes.length && sites.every(({ hosts }) => hosts.length > 0);
  if (all) return;
  await reloadSites().then(
    () => {
      listed = { version, sites: new Set(outcomes.map(({ site }) => site)) };
    },
    () => undefined,
  );
}

/** Whether everything that the event of a change names was shown by `showChange`. */
export function isListed(version: number, sites: readonly string[]): boolean {
  return listed?.version === version && sites.every((site) => listed?.sites.has(site));
}
