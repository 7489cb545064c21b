import type { SiteRecord } from "../../state/site-record.ts";
import { Sites } from "./sites.ts";

/** The records of a gate: those of its compiled sites, each made when it is read. */
export class HeldRecords implements ReadonlyMap<string, SiteRecord> {
  readonly sites: Sites;

  constructor(sites: Sites = Sites.of()) {
    this.sites = sites;
  }

  get size(): number {
    return this.sites.byId.size;
  }

  get(id: string): SiteRecord | undefined {
    return this.sites.byId.get(id)?.stored;
  }

  has(id: string): boolean {
    return this.sites.byId.has(id);
  }

  keys(): MapIterator<string> {
    return this.sites.byId.keys();
  }

  forEach(callback: (record: SiteRecord, id: string, map: ReadonlyMap<string, SiteRecord>) => void): void {
    for (const record of this.values()) callback(record, record.id, this);
  }

  *values(): Generator<SiteRecord, undefined> {
    for (const { stored } of this.sites.byId.values()) yield stored;
  }

  *entries(): Generator<[string, SiteRecord], undefined> {
    for (const record of this.values()) yield [record.id, record];
  }

  [Symbol.iterator](): Generator<[string, SiteRecord], undefined> {
    return this.entries();
  }
}
