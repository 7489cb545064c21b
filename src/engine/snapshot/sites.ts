import { ANY_HOST } from "../../rules/hosts/host.ts";
import { HostTable } from "../../rules/hosts/host-table.ts";
import { VersionedMap } from "../../rules/versioned-map.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import { type CompiledSite, compileSite } from "./compiled-site.ts";

type Change = readonly [id: string, site: CompiledSite | null];

/** The compiled sites that have a record, with the lookups over all of them. Immutable; a changed copy shares what has not changed. */
export class Sites {
  readonly byId: VersionedMap<CompiledSite>;
  /** Number of sites that are not open. */
  readonly notOpen: number;
  /** Number of sites that have hosts. */
  readonly withHosts: number;
  /** Sites that are not open and will open automatically. */
  readonly ending: VersionedMap<CompiledSite>;
  /** Sites whose hosts could not be read. */
  readonly anyHost: VersionedMap<CompiledSite>;
  /**
   * The place that a site has or once had, by each of its hosts. Shared by all versions: whether a site has the host is read from its
   * record in this version.
   */
  readonly #hosts: HostTable;
  readonly #has = (place: number, host: string): boolean => this.byId.at(place)?.hasHost(host) === true;

  private constructor(
    byId: VersionedMap<CompiledSite>,
    hosts: HostTable,
    notOpen: number,
    withHosts: number,
    ending: VersionedMap<CompiledSite>,
    anyHost: VersionedMap<CompiledSite>,
  ) {
    this.byId = byId;
    this.#hosts = hosts;
    this.notOpen = notOpen;
    this.withHosts = withHosts;
    this.ending = ending;
    this.anyHost = anyHost;
  }

  /** Compiles records. */
  static of(records: Iterable<SiteRecord> = [], ignoreCase = false): Sites {
    const none = new Sites(VersionedMap.of(), new HostTable(), 0, 0, VersionedMap.of(), VersionedMap.of());
    return none.with(Array.from(records, (record) => [record.id, compileSite(record, ignoreCase)] as const));
  }

  /** As `HostOwners.ofHost`. Of two sites with the same host, the one that was known first has it. */
  ofHost(host: string, dot = 0): CompiledSite | undefined {
    return this.byId.at(this.#hosts.find(host, dot, this.#has));
  }

  /** Returns a copy in which these ids have these sites; `null` removes a site. */
  with(changes: readonly Change[]): Sites {
    let { notOpen, withHosts } = this;
    let hosts = this.#hosts;
    const byId = this.byId.with(changes, (place, before, after) => {
      notOpen += Number(isNotOpen(after)) - Number(isNotOpen(before));
      withHosts += Number(hasHosts(after)) - Number(hasHosts(before));
      if (after !== null) addHosts(hosts, after, place);
    });
    if (!byId.isAkin(this.byId)) {
      hosts = new HostTable();
      for (const site of byId.values()) addHosts(hosts, site, byId.placeOf(site.id));
    }
    const ending = this.ending.with(only(changes, isEnding));
    const anyHost = this.anyHost.with(only(changes, (site) => site.hasHost(ANY_HOST)));
    return new Sites(byId, hosts, notOpen, withHosts, ending, anyHost);
  }
}

function addHosts(table: HostTable, { hosts }: CompiledSite, place: number): void {
  for (const host of hosts) if (host !== ANY_HOST) table.add(host, place);
}

/** Removes from the changes the sites that do not belong to a part. */
function only(changes: readonly Change[], belongs: (site: CompiledSite) => boolean): readonly Change[] {
  return changes.map(([id, site]) => [id, site !== null && belongs(site) ? site : null]);
}

function isNotOpen(site: CompiledSite | null): boolean {
  return site !== null && site.mode !== "open";
}

function hasHosts(site: CompiledSite | null): boolean {
  return site !== null && site.hosts.length > 0;
}

function isEnding(site: CompiledSite): boolean {
  return isNotOpen(site) && Number.isFinite(site.until);
}
