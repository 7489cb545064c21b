import type { CompiledSite } from "../engine/compiled-site.ts";
import type { Snapshot } from "../engine/snapshot.ts";
import { strictestClosure } from "../engine/strictest-closure.ts";
import { formatInstant } from "../state/instant.ts";
import type { SiteView } from "./api-types.ts";

/**
 * What the visitors of a site meet at `now`. `by` is the site whose switch that is, where the override is set, or `whenNeverLoaded`. A
 * site of which only a part is closed is not open.
 */
export function inForce(snapshot: Snapshot, site: CompiledSite, now: number): SiteView["inForce"] {
  const { override, whenNeverLoaded } = snapshot.policy;
  if (override !== null) return { mode: override.mode, until: null, by: override.where };
  if (snapshot.neverLoaded) return { mode: whenNeverLoaded, until: null, by: "whenNeverLoaded" };
  const closure = strictestClosure(snapshot, site, null, now);
  if (typeof closure === "string") return { mode: "open", until: null, by: site.id };
  const { until } = closure.site;
  return { mode: closure.mode, until: Number.isFinite(until) ? formatInstant(until) : null, by: closure.site.id };
}
