import type { ConfiguredSites } from "../../rules/hosts/configured-sites.ts";
import { ANY_HOST } from "../../rules/hosts/host.ts";
import { findSite, type HostOwners, type SiteLookup, UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import { ALL_SITES, openRecord } from "../../state/site-record.ts";
import { type CompiledSite, compileSite } from "./compiled-site.ts";
import type { Sites } from "./sites.ts";

export interface KnownSitesOptions {
  readonly configured: ConfiguredSites;
  /** Groups without a record are known too, as is `*`. */
  readonly groups: readonly string[];
  readonly ignoreCase: boolean;
}

/** Clients choose how a host is written: further ones are looked up each time. */
const MAX_FOUND = 4_096;

/**
 * Every site that a record or the configuration knows. A site without a record is open: it is looked up in the configuration, and
 * compiled when it is first read.
 */
export class KnownSites
  implements ReadonlyMap<string, CompiledSite>, SiteLookup<CompiledSite>, HostOwners<CompiledSite>
{
  readonly sites: Sites;
  readonly hasHosts: boolean;
  readonly other: CompiledSite | null;
  readonly #options: KnownSitesOptions;
  /** Sites without a record that were read. Shared with the versions before and after. */
  readonly #open: Map<string, CompiledSite>;
  /** The sites of hosts as received: a native map finds them faster than the tables, which hold no texts. */
  readonly #found = new Map<string, CompiledSite>();

  constructor(sites: Sites, options: KnownSitesOptions, before: KnownSites | null) {
    this.sites = sites;
    this.#options = options;
    this.#open = before === null ? new Map() : before.#open;
    this.hasHosts = sites.withHosts > 0 || options.configured.hasHosts;
    this.other = null;
    for (const site of sites.anyHost.values()) {
      // For a site whose own hosts cannot be read, those of the configuration count.
      if (this.#isConfigured(site.id)) continue;
      this.other = site;
      break;
    }
  }

  get size(): number {
    let size = 0;
    for (const _ of this.keys()) size += 1;
    return size;
  }

  get(id: string): CompiledSite | undefined {
    return this.sites.byId.get(id) ?? (this.#isConfigured(id) ? this.#openSite(id) : undefined);
  }

  has(id: string): boolean {
    return this.sites.byId.has(id) || this.#isConfigured(id);
  }

  find(hostHeader: string | undefined): CompiledSite | typeof UNCLEAR | null {
    if (hostHeader === undefined) return this.other;
    const known = this.#found.get(hostHeader);
    if (known !== undefined) return known;
    const site = findSite(this, hostHeader);
    if (site !== null && site !== UNCLEAR && this.#found.size < MAX_FOUND) this.#found.set(hostHeader, site);
    return site;
  }

  ofHost(host: string, dot = 0): CompiledSite | undefined {
    const site = this.sites.ofHost(host, dot);
    if (site !== undefined) return site;
    const id = this.#options.configured.ofHost(host, dot);
    return id === undefined ? undefined : this.get(id);
  }

  /** The hosts of a site, from its record and from the configuration. */
  hostsOf({ id, hosts }: CompiledSite): readonly string[] {
    const configured = this.#options.configured.get(id);
    if (configured === undefined) return hosts;
    return [...new Set([...configured, ...hosts.filter((host) => host !== ANY_HOST)])];
  }

  /** Returns the ids whose sites differ from those of an earlier version. */
  changedSince(before: KnownSites): readonly string[] {
    return this.sites.byId.changedSince(before.sites.byId);
  }

  *keys(): Generator<string, undefined> {
    const { configured, groups } = this.#options;
    yield* this.sites.byId.keys();
    for (const id of new Set([ALL_SITES, ...groups])) if (!this.sites.byId.has(id)) yield id;
    for (const id of configured.keys()) {
      if (!this.sites.byId.has(id) && id !== ALL_SITES && !groups.includes(id)) yield id;
    }
  }

  *values(): Generator<CompiledSite, undefined> {
    for (const [, site] of this.entries()) yield site;
  }

  *entries(): Generator<[string, CompiledSite], undefined> {
    for (const id of this.keys()) {
      // Not kept: a list of 100,000 open sites would be held after it was made.
      const site = this.sites.byId.get(id) ?? this.#open.get(id) ?? compileSite(openRecord(id), false);
      yield [id, site];
    }
  }

  forEach(callback: (site: CompiledSite, id: string, map: ReadonlyMap<string, CompiledSite>) => void): void {
    for (const [id, site] of this.entries()) callback(site, id, this);
  }

  [Symbol.iterator](): Generator<[string, CompiledSite], undefined> {
    return this.entries();
  }

  #isConfigured(id: string): boolean {
    const { configured, groups } = this.#options;
    return configured.has(id) || id === ALL_SITES || groups.includes(id);
  }

  #openSite(id: string): CompiledSite {
    let site = this.#open.get(id);
    if (site === undefined) {
      site = compileSite(openRecord(id), this.#options.ignoreCase);
      this.#open.set(id, site);
    }
    return site;
  }
}
