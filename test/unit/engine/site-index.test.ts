import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileSite } from "../../../src/engine/snapshot/compiled-site.ts";
import { HeldRecords } from "../../../src/engine/snapshot/held-records.ts";
import { Sites } from "../../../src/engine/snapshot/sites.ts";
import { compileSnapshot, type Snapshot } from "../../../src/engine/snapshot/snapshot.ts";
import { UNCLEAR } from "../../../src/rules/hosts/site-lookup.ts";
import { openRecord, type SiteRecord } from "../../../src/state/site-record.ts";
import type { State } from "../../../src/state/state.ts";
import { compileOptionsOf, NOW } from "../../support/snapshot.ts";

const options = compileOptionsOf({
  sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["*.blog.example"] } },
  groups: ["db"],
});
const HOSTS = ["shop.example", "a.blog.example", "x.example", "y.x.example", "unknown.example"];

const edges = [1, 2, 3].map((second) => `2026-11-21T12:00:0${second}Z`);
const record = fc.record({
  mode: fc.constantFrom<SiteRecord["mode"][]>("open", "closed", "read-only"),
  until: fc.option(fc.constantFrom(...edges)),
  hosted: fc.boolean(),
});
/** A distinct host for each site, because two sites cannot share one. */
const OWN_HOSTS: Readonly<Record<string, string>> = { x: "x.example", y: "y.x.example", shop: "x.shop.example" };
const step = fc.record({
  seconds: fc.constantFrom(0, 0, 0.5, 1),
  records: fc.dictionary(fc.constantFrom("*", "shop", "blog", "db", "x", "y"), fc.option(record), { maxKeys: 3 }),
});

function stateOf(records: ReadonlyMap<string, SiteRecord>): State {
  return { lineage: "test", version: 1, records, unreadable: new Map(), closedInstead: new Map() };
}

/** Returns the observable properties of a snapshot. */
function told({ sites, byHost, forAll, all, passAll, nextEdge, index, open }: Snapshot) {
  const told = (site: { id: string; record: SiteRecord } | null | undefined) => site && [site.id, site.record];
  return {
    sites: [...sites.keys()].sort().map((id) => told(sites.get(id))),
    hosts: HOSTS.map((host) => byHost.find(host)).map((site) => (site === UNCLEAR ? site : told(site))),
    all: [told(all), ...forAll.map(told)],
    ...{ passAll, nextEdge, open, notOpen: index.known.sites.notOpen, withHosts: index.known.sites.withHosts },
    ending: [...index.known.sites.ending.keys()].sort(),
    ended: [...index.ended.keys()].sort(),
  };
}

describe("a snapshot that is compiled incrementally", () => {
  test("equals one that is compiled from scratch", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let now = NOW;
        const records = new Map<string, SiteRecord>();
        let sites = Sites.of();
        let snapshot = compileSnapshot(stateOf(new HeldRecords(sites)), options, now);
        for (const { seconds, records: changes } of steps) {
          now += seconds * 1_000;
          for (const [id, it] of Object.entries(changes)) {
            const hosts = it?.hosted && OWN_HOSTS[id] !== undefined ? [OWN_HOSTS[id]] : [];
            const changed = it && { ...openRecord(id), mode: it.mode, until: it.until, hosts, version: 1 };
            if (changed === null) records.delete(id);
            else records.set(id, changed);
            sites = sites.with([[id, changed && compileSite(changed, false)]]);
          }
          snapshot = compileSnapshot(stateOf(new HeldRecords(sites)), options, now, snapshot);
          expect(told(snapshot)).toEqual(told(compileSnapshot(stateOf(records), options, now)));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("shares every unchanged site with the previous one, also with 100,000 sites", () => {
    const entries = Array.from({ length: 5_000 }, (_, i): SiteRecord => {
      return { ...openRecord(`site-${i}`), hosts: [`shop-${i}.example`], mode: "closed", version: 1 };
    });
    const sites = Sites.of(entries);
    const before = compileSnapshot(stateOf(new HeldRecords(sites)), options, NOW);
    const opened = sites.with([["site-7", compileSite({ ...openRecord("site-7"), version: 2 }, false)]]);
    const after = compileSnapshot(stateOf(new HeldRecords(opened)), options, NOW, before);
    const differing = entries.filter(({ id }) => before.sites.get(id) !== after.sites.get(id)).map(({ id }) => id);
    expect(differing).toEqual(["site-7"]);
    expect(after.byHost.find("shop-7.example")).toBeNull();
    expect(after.byHost.find("shop-8.example")).toBe(before.sites.get("site-8"));
    expect(before.byHost.find("shop-7.example")).toMatchObject({ mode: "closed" });
  });
});
