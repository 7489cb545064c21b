import { VersionedMap } from "../versioned-map.ts";
import { ANY_HOST, hostOf } from "./host.ts";

export interface SiteEntry<T> {
  /** In the form that `parseHost` gives. */
  readonly hosts: readonly string[];
  readonly value: T;
}

/** Of a host that is there and cannot be read: it may be that of any site. */
export const UNCLEAR = "unclear";

/** Finds what belongs to the host that a request names. Immutable. */
export interface SiteLookup<T extends NonNullable<unknown>> {
  /**
   * Takes the `Host` header as received. An exact host before a wildcard, a longer wildcard before a shorter. `null`: no site has
   * this host, or the header is missing or empty.
   */
  find(hostHeader: string | undefined): T | typeof UNCLEAR | null;
  /**
   * A lookup in which first the hosts in `removed` are gone, and then those in `added` are there. Shares what did not change.
   * A host that is still there keeps its value.
   */
  with(changes: { readonly removed: readonly string[]; readonly added: Iterable<SiteEntry<T>> }): SiteLookup<T>;
}

const WILDCARD = "*.";

/** Of two entries with the same host the first has it: see `findHostConflict`. */
export function createSiteLookup<T extends NonNullable<unknown>>(entries: Iterable<SiteEntry<T>>): SiteLookup<T> {
  return siteLookup<T>(VersionedMap.of<T>(), VersionedMap.of<T>()).with({ removed: [], added: entries });
}

/** The first host that two entries claim, with both. */
export function findHostConflict<T>(entries: Iterable<SiteEntry<T>>): { host: string; first: T; second: T } | null {
  const owners = new Map<string, SiteEntry<T>>();
  for (const entry of entries) {
    for (const host of entry.hosts) {
      const owner = owners.get(host);
      if (owner !== undefined && owner !== entry) return { host, first: owner.value, second: entry.value };
      owners.set(host, entry);
    }
  }
  return null;
}

/** Wildcards are kept by what follows their `*.`. */
function siteLookup<T extends NonNullable<unknown>>(exact: VersionedMap<T>, wildcards: VersionedMap<T>): SiteLookup<T> {
  const other = exact.get(ANY_HOST) ?? null;
  return {
    find(hostHeader) {
      if (hostHeader === undefined || hostHeader === "" || exact.size + wildcards.size === 0) return other;
      const value = exact.get(hostHeader);
      if (value !== undefined) return value;
      const host = hostOf(hostHeader);
      if (host === null) return UNCLEAR;
      return (host === hostHeader ? undefined : exact.get(host)) ?? findWildcard(wildcards, host) ?? other;
    },
    with({ removed, added }) {
      const exactAdded: [string, T][] = [];
      const wildcardsAdded: [string, T][] = [];
      for (const { hosts, value } of added) {
        for (const host of hosts) {
          if (host.startsWith(WILDCARD)) wildcardsAdded.push([host.slice(WILDCARD.length), value]);
          else exactAdded.push([host, value]);
        }
      }
      const wildcardsRemoved = removed.filter((host) => host.startsWith(WILDCARD)).map((host) => host.slice(2));
      return siteLookup(exact.with(removed, exactAdded), wildcards.with(wildcardsRemoved, wildcardsAdded));
    },
  };
}

function findWildcard<T extends NonNullable<unknown>>(wildcards: VersionedMap<T>, host: string): T | undefined {
  if (wildcards.size === 0) return undefined;
  for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1)) {
    const value = wildcards.get(host.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}
