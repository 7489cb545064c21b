import { expect, test, vi } from "vitest";
import { compileSite } from "../../../src/engine/snapshot/compiled-site.ts";
import { HeldRecords } from "../../../src/engine/snapshot/held-records.ts";
import { Sites } from "../../../src/engine/snapshot/sites.ts";
import { compileSnapshot, type Snapshot } from "../../../src/engine/snapshot/snapshot.ts";
import { openRecord, type SiteRecord } from "../../../src/state/site-record.ts";
import { switchedSites } from "../../../src/telemetry/telemetry.ts";
import { compileOptionsOf, NOW } from "../../support/snapshot.ts";

const MANY = 5_000;
const options = compileOptionsOf({ groups: ["db"] });
const SITES = Sites.of(Array.from({ length: MANY }, (_, index) => recordOf(`site-${index}`)));

function recordOf(id: string, changed: Partial<SiteRecord> = {}): SiteRecord {
  return { ...openRecord(id), version: 1, ...changed };
}

function after(before: Snapshot | null, at: number, ...changed: readonly SiteRecord[]): Snapshot {
  const held = before === null ? SITES : before.index.stored;
  const records = new HeldRecords(held.with(changed.map((record) => [record.id, compileSite(record, false)])));
  return compileSnapshot(
    { lineage: "test", version: 1, records, unreadable: new Map(), closedInstead: new Map() },
    options,
    at,
    before,
  );
}

/** Returns the sites with an event, and the number of sites that were compared. */
function told(before: Snapshot, snapshot: Snapshot, at = NOW): { readonly sites: string[]; readonly looks: number } {
  const looks = vi.spyOn(snapshot.sites, "get");
  const events = switchedSites({ snapshot: before, at: NOW }, { snapshot, at });
  const counted = looks.mock.calls.length;
  looks.mockRestore();
  return { sites: events.map(({ site }) => site).toSorted(), looks: counted };
}

test("of 5,000 sites, only the changed one is compared", () => {
  const before = after(null, NOW);
  const closed = after(before, NOW, recordOf("site-77", { mode: "closed", version: 2 }));
  expect(told(before, closed)).toEqual({ sites: ["site-77"], looks: 1 });
  const noticed = after(closed, NOW, recordOf("site-77", { mode: "closed", version: 3, lockdown: true }));
  expect(told(closed, noticed)).toEqual({ sites: [], looks: 1 });
});

test("an end affects only the sites that it ends", () => {
  const until = new Date(NOW + 60_000).toISOString();
  const before = after(
    null,
    NOW,
    recordOf("site-7", { mode: "closed", until }),
    recordOf("site-8", { mode: "closed" }),
  );
  const ended = after(before, NOW + 60_000);
  expect(told(before, ended, NOW + 60_000)).toEqual({ sites: ["site-7"], looks: 1 });
});

test.each(["*", "db"])("'%s' affects every site, when it closes and when it opens", (id) => {
  const before = after(null, NOW, recordOf("site-7", { mode: "closed" }));
  const closed = after(before, NOW, recordOf(id, { mode: "closed" }));
  // All sites except the one that was closed already; of `*` and the group, the one that counts for both.
  const all = ["*", "db", ...SITES.byId.keys()].filter((site) => site !== "site-7");
  const taken = all.filter((site) => closed.sites.has(site));
  expect(told(before, closed).sites).toEqual(taken.toSorted());
  expect(told(closed, after(closed, NOW, recordOf(id))).sites).toEqual(taken.toSorted());
});

test("at the first load every site is compared, and those that are not open emit an event", () => {
  const first = after(null, NOW, recordOf("site-7", { mode: "closed" }));
  expect(switchedSites(null, { snapshot: first, at: NOW }).map(({ site }) => site)).toEqual(["site-7"]);
});
