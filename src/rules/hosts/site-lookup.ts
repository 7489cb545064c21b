import { VersionedMap } from "../versioned-map.ts";
import { ANY_HOST, hostOf } from "./host.ts";

export interface SiteEntry<T> {
  /** In the form of `parseHost`. */
  readonly hosts: readonly string[];
  readonly value: T;
}

/** A host that is present but cannot be read: it may be the host of any site. */
export const UNCLEAR = "unclear";

/** Finds the entry for the host of a request. Immutable. */
export interface SiteLookup<T extends NonNullable<unknown>> {
  /**
   * Takes the `Host` header as received. Exact hosts come before wildcards, and longer wildcards before shorter ones. Returns `null` if no
   * site has this host, or the header is missing or empty.
   */
  find(hostHeader: string | undefined): T | typeof UNCLEAR | null;
  /**
   * Returns a lookup without the hosts in `removed` and then with those in `added`. Shares unchanged parts. A host that already exists
   * keeps its value.
   */
  with(changes: { readonly removed: readonly string[]; readonly added: Iterable<SiteEntry<T>> }): SiteLookup<T>;
}

const WILDCARD = "*.";

/** Of two entries with the same host, the first applies: see `findHostConflict`. */
export function createSiteLookup<T extends NonNullable<unknown>>(entries: Iterable<SiteEntry<T>>): SiteLookup<T> {
  return siteLookup<T>(VersionedMap.of<T>(), VersionedMap.of<T>()).with({ removed: [], added: entries });
}

/** Returns the first host that two entries have, with both entries. */
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

/** Wildcards are stored by the part after `*.`. */
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
