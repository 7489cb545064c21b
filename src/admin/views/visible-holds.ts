import type { HeldView } from "../../control/barrier/held.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Principal } from "../access/principal.ts";

/** Returns the holds of sites that the caller may see. Names and hosts concern every site: see `visibleEffect`. */
export function visibleHolds(principal: Principal, held: readonly HeldView[]): readonly HeldView[] {
  if (principal.may("view", ALL_SITES)) return held;
  return held.flatMap((one) => {
    const sites = one.sites.filter((site) => site === ALL_SITES || principal.may("view", site));
    return sites.length === 0 ? [] : [{ ...one, sites, label: "", host: "", pid: 0 }];
  });
}
