import { HostTable } from "./host-table.ts";

/** The sites of the configuration with their hosts, in the form of `parseHost`. */
export class ConfiguredSites extends Map<string, readonly string[]> {
  readonly #table = new HostTable();
  // By place.
  readonly #hosts: string[] = [];
  readonly #owners: string[] = [];
  readonly #has = (place: number, host: string): boolean => this.#hosts[place] === host;

  /** Adds a site. Returns the first of its hosts that another site has already, with that site; `null` if there is none. */
  add(id: string, hosts: readonly string[]): { readonly host: string; readonly owner: string } | null {
    this.set(id, hosts);
    for (const host of hosts) {
      const owner = this.#ownerOf(host);
      if (owner !== undefined && owner !== id) return { host, owner };
      if (owner !== undefined) continue;
      this.#table.add(host, this.#hosts.push(host) - 1);
      this.#owners.push(id);
    }
    return null;
  }

  get hasHosts(): boolean {
    return this.#hosts.length > 0;
  }

  /** Returns the site with exactly this host; with `dot`, the index of a dot in it, the one with the wildcard for the domain after it. */
  ofHost(host: string, dot = 0): string | undefined {
    return this.#owners[this.#table.find(host, dot, this.#has)];
  }

  #ownerOf(host: string): string | undefined {
    return host.startsWith("*.") ? this.ofHost(host, 1) : this.ofHost(host);
  }
}
