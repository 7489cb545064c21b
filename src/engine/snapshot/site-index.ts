import { ANY_HOST } from "../../rules/hosts/host.ts";
import { createSiteLookup, type SiteLookup } from "../../rules/hosts/site-lookup.ts";
import { changedKeys, VersionedMap } from "../../rules/versioned-map.ts";
import { isClosedAt, nextEdge } from "../../schedule/timetable.ts";
import { openRecord, type SiteRecord } from "../../state/site-record.ts";
import { type CompiledSite, compileSite } from "./compiled-site.ts";

/** Every known site, compiled, with the lookups over all of them. Immutable. */
export interface SiteIndex {
  readonly options: IndexOptions;
  /** Time of compilation in epoch milliseconds. */
  readonly at: number;
  /** The records that it was compiled from. */
  readonly records: ReadonlyMap<string, SiteRecord>;
  readonly sites: VersionedMap<CompiledSite>;
  readonly byHost: SiteLookup<CompiledSite>;
  /** Number of sites that are not open. */
  readonly notOpen: number;
  /** Those of them that have hosts: a request with an unclear host may be for any of them. */
  readonly notOpenByHost: VersionedMap<CompiledSite>;
  /** Sites that are not open and will open automatically. */
  readonly ending: VersionedMap<CompiledSite>;
  /** The next time at which one of them opens, in epoch milliseconds; `Infinity` if there is none. */
  readonly nextEdge: number;
}

export interface IndexOptions {
  /** Hosts of the sites in the configuration, by id. */
  readonly configured: ReadonlyMap<string, readonly string[]>;
  readonly ignoreCase: boolean;
}

/** Compiles every site. */
export function indexSites(records: ReadonlyMap<string, SiteRecord>, options: IndexOptions, now: number): SiteIndex {
  const nothing: SiteIndex = {
    options,
    at: now,
    records: new Map(),
    sites: VersionedMap.of<CompiledSite>([], records),
    byHost: createSiteLookup<CompiledSite>([]),
    notOpen: 0,
    notOpenByHost: VersionedMap.of<CompiledSite>(),
    ending: VersionedMap.of<CompiledSite>(),
    nextEdge: Number.POSITIVE_INFINITY,
  };
  return withCompiled(nothing, [...records.keys(), ...options.configured.keys()], records, now);
}

/** Returns what `indexSites` returns for `records` at `now`, at the cost of the changes since `index`. */
export function updateIndex(index: SiteIndex, records: ReadonlyMap<string, SiteRecord>, now: number): SiteIndex {
  const changed = changedKeys(index.records, records);
  const ended = now < index.nextEdge ? [] : [...index.ending.values()].filter(({ until }) => until <= now);
  // The clock was set back: closures that had ended may be in force again.
  const undone =
    now < index.at ? [...index.sites.values()].filter((site) => !isNotOpen(site) && isClosedAt(site.stored, now)) : [];
  return withCompiled(index, [...changed, ...[...ended, ...undone].map(({ id }) => id)], records, now);
}

/** Returns the index with the sites `ids` compiled from `records` and the configuration. */
function withCompiled(
  index: SiteIndex,
  ids: readonly string[],
  records: ReadonlyMap<string, SiteRecord>,
  now: number,
): SiteIndex {
  const { configured, ignoreCase } = index.options;
  const gone: CompiledSite[] = [];
  const come: CompiledSite[] = [];
  for (const id of new Set(ids)) {
    const before = index.sites.get(id);
    if (before !== undefined) gone.push(before);
    const record = records.get(id) ?? (configured.has(id) ? openRecord(id) : undefined);
    if (record !== undefined) come.push(compileSite(record, ignoreCase, now));
  }
  const hostsOf = ({ record: { id, hosts } }: CompiledSite): readonly string[] => {
    const known = configured.get(id);
    if (known === undefined) return hosts;
    // For a site whose own hosts cannot be read, those of the configuration count.
    return [...new Set([...known, ...hosts.filter((host) => host !== ANY_HOST)])];
  };
  const isNotOpenByHost = (site: CompiledSite): boolean => isNotOpen(site) && hostsOf(site).length > 0;
  const ending = replaced(index.ending, gone.filter(isEnding), come.filter(isEnding));
  return {
    options: index.options,
    at: now,
    records,
    sites: replaced(index.sites, gone, come),
    byHost: index.byHost.with({
      removed: gone.flatMap(hostsOf),
      added: come.map((site) => ({ hosts: hostsOf(site), value: site })),
    }),
    notOpen: index.notOpen - gone.filter(isNotOpen).length + come.filter(isNotOpen).length,
    notOpenByHost: replaced(index.notOpenByHost, gone.filter(isNotOpenByHost), come.filter(isNotOpenByHost)),
    ending,
    nextEdge: gone.some(({ until }) => until <= index.nextEdge)
      ? nextEdge(ending.values(), now)
      : Math.min(index.nextEdge, nextEdge(come, now)),
  };
}

function replaced(
  sites: VersionedMap<CompiledSite>,
  gone: readonly CompiledSite[],
  come: readonly CompiledSite[],
): VersionedMap<CompiledSite> {
  return sites.with(
    gone.map(({ id }) => id),
    come.map((site) => [site.id, site] as const),
  );
}

function isNotOpen({ mode }: CompiledSite): boolean {
  return mode !== "open";
}

function isEnding(site: CompiledSite): boolean {
  return isNotOpen(site) && Number.isFinite(site.until);
}
