import type { ChangeResult } from "../../../../src/admin/schema/responses.ts";
import { keepSite } from "./site-cache.ts";
import { keepListed, reloadSites } from "./site-list.ts";

/** Shows what a change did, in the list and on the page of each site, before it is announced: by its own answer, where that says all. */
export async function showChange({ outcomes, sites }: ChangeResult): Promise<void> {
  for (const site of sites) keepSite(site);
  keepListed(sites);
  // What `*` or a group does to other sites is in none of these.
  const all = sites.length === outcomes.length && sites.every(({ hosts }) => hosts.length > 0);
  if (!all) await reloadSites().catch(() => undefined);
}
