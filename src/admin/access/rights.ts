import type { Right } from "../../state/right.ts";
import { ALL_SITES } from "../../state/site-record.ts";

/** Whether rights that are given for `sites` (`null`: every site) hold for one. `*` is every site: only who has them all has that. */
export function reaches(sites: readonly string[] | null, site: string): boolean {
  return sites === null || sites.includes(ALL_SITES) || sites.includes(site);
}

/** A principal's `may`: a list of rights, for some sites or for all. */
export function grant(
  rights: readonly Right[],
  sites: readonly string[] | null,
): (right: Right, site: string) => boolean {
  return (right, site) => rights.includes(right) && reaches(sites, site);
}
