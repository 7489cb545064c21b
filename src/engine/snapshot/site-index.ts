import { VersionedMap } from "../../rules/versioned-map.ts";
import { nextEdge } from "../../schedule/timetable.ts";
import { type CompiledSite, siteAt } from "./compiled-site.ts";
import { KnownSites, type KnownSitesOptions } from "./known-sites.ts";
import type { Sites } from "./sites.ts";

/** Every known site as it applies at one time. Immutable. */
export interface SiteIndex {
  readonly options: KnownSitesOptions;
  /** In epoch milliseconds. */
  readonly at: number;
  /** The sites as they are stored. */
  readonly stored: Sites;
  /** The same without the closures that have ended. */
  readonly known: KnownSites;
  /** The sites whose closures have ended, as they are stored. */
  readonly ended: VersionedMap<CompiledSite>;
  /** The next time at which a site opens, in epoch milliseconds; `Infinity` if there is none. */
  readonly nextEdge: number;
}

/** Costs as much as there are closures with an end. */
export function indexSites(stored: Sites, options: KnownSitesOptions, now: number): SiteIndex {
  const index: SiteIndex = {
    options,
    at: now,
    stored,
    known: new KnownSites(stored, options, null),
    ended: VersionedMap.of(),
    nextEdge: nextEdge(stored.ending.values(), Number.NEGATIVE_INFINITY),
  };
  return updateIndex(index, stored, now);
}

/** Returns what `indexSites` returns for `stored` at `now`, at the cost of the changes since `index`. */
export function updateIndex(index: SiteIndex, stored: Sites, now: number): SiteIndex {
  const { options, known } = index;
  const changed = new Set(stored.byId.changedSince(index.stored.byId));
  if (now >= index.nextEdge) for (const { id, until } of known.sites.ending.values()) if (until <= now) changed.add(id);
  // The clock was set back: closures that had ended may be in force again.
  if (now < index.at) for (const { id, until } of index.ended.values()) if (now < until) changed.add(id);

  let next = index.nextEdge;
  const ended: [string, CompiledSite | null][] = [];
  const current: [string, CompiledSite | null][] = [];
  for (const id of changed) {
    const before = known.sites.byId.get(id);
    const site = stored.byId.get(id) ?? null;
    const applied = site && siteAt(site, now, options.ignoreCase);
    current.push([id, applied]);
    ended.push([id, applied === site ? null : site]);
    if (before !== undefined && before.until <= next) next = Number.NaN;
    if (applied !== null && applied.mode !== "open" && applied.until < next) next = applied.until;
  }
  const sites = known.sites.with(current);
  return {
    options,
    at: now,
    stored,
    known: new KnownSites(sites, options, known),
    ended: index.ended.with(ended),
    nextEdge: Number.isNaN(next) ? nextEdge(sites.ending.values(), now) : next,
  };
}
