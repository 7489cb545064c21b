import { hostOf } from "./host.ts";

export interface SiteEntry<T> {
  /** In the form of `parseHost`. */
  readonly hosts: readonly string[];
  readonly value: T;
}

/** A host that is present but cannot be read: it may be the host of any site. */
export const UNCLEAR = "unclear";

/** Finds the site for the host of a request. */
export interface SiteLookup<T extends NonNullable<unknown>> {
  /**
   * Takes the `Host` header as received. Exact hosts come before wildcards, and longer wildcards before shorter ones. Returns `null` if no
   * site has this host, or the header is missing or empty.
   */
  find(hostHeader: string | undefined): T | typeof UNCLEAR | null;
}

/** The hosts with their sites. */
export interface HostOwners<T> {
  /** Whether any site has hosts. */
  readonly hasHosts: boolean;
  /** The site of every host that belongs to no other. */
  readonly other: T | null;
  /** Returns the site with exactly this host; with `dot`, the index of a dot in it, the one with the wildcard for the domain after it. */
  ofHost(host: string, dot?: number): T | undefined;
}

export function findSite<T>(owners: HostOwners<T>, hostHeader: string | undefined): T | typeof UNCLEAR | null {
  if (hostHeader === undefined || hostHeader === "" || !owners.hasHosts) return owners.other;
  const value = owners.ofHost(hostHeader);
  if (value !== undefined) return value;
  const host = hostOf(hostHeader);
  if (host === null) return UNCLEAR;
  return (host === hostHeader ? undefined : owners.ofHost(host)) ?? findWildcard(owners, host) ?? owners.other;
}

function findWildcard<T>(owners: HostOwners<T>, host: string): T | undefined {
  for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1)) {
    const value = owners.ofHost(host, dot);
    if (value !== undefined) return value;
  }
  return undefined;
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
