import type { CompiledSite } from "../../engine/snapshot/compiled-site.ts";
import type { Snapshot } from "../../engine/snapshot/snapshot.ts";
import type { Principal } from "../access/principal.ts";
import { isEverySite } from "../access/principal.ts";
import { forEachInSlices } from "../http/in-slices.ts";

/**
 * Visits the sites that `principal` may see, in no order. In slices: there may be 100,000. A caller with rights on
 * some sites costs what these cost.
 */
export async function forEachVisible(
  { sites }: Snapshot,
  principal: Principal,
  visit: (site: CompiledSite) => void,
): Promise<void> {
  const own = isEverySite(principal.sites) ? sites.values() : sitesOf(sites, new Set(principal.sites));
  await forEachInSlices(own, (site) => {
    if (principal.may("view", site.id)) visit(site);
  });
}

function* sitesOf(sites: Snapshot["sites"], ids: Iterable<string>): Generator<CompiledSite> {
  for (const id of ids) {
    const site = sites.get(id);
    if (site !== undefined) yield site;
  }
}
