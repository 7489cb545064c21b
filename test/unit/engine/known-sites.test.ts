import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileSite } from "../../../src/engine/snapshot/compiled-site.ts";
import { KnownSites } from "../../../src/engine/snapshot/known-sites.ts";
import { Sites } from "../../../src/engine/snapshot/sites.ts";
import { ConfiguredSites } from "../../../src/rules/hosts/configured-sites.ts";
import { ANY_HOST } from "../../../src/rules/hosts/host.ts";
import { UNCLEAR } from "../../../src/rules/hosts/site-lookup.ts";
import { openRecord, type SiteRecord } from "../../../src/state/site-record.ts";

const record = (id: string, ...hosts: string[]): SiteRecord => ({ ...openRecord(id), hosts, version: 1 });

function configuredOf(sites: Readonly<Record<string, readonly string[]>>): ConfiguredSites {
  const configured = new ConfiguredSites();
  for (const [id, hosts] of Object.entries(sites)) configured.add(id, hosts);
  return configured;
}

function known(sites: Sites, configured: Readonly<Record<string, readonly string[]>> = {}): KnownSites {
  return new KnownSites(sites, { configured: configuredOf(configured), groups: [], ignoreCase: false }, null);
}

/** Returns the id of the site that is found. */
function found(sites: KnownSites, host: string | undefined): string | null {
  const site = sites.find(host);
  return site === null || site === UNCLEAR ? site : site.id;
}

const HOSTS: Readonly<Record<string, readonly string[]>> = {
  shop: ["shop.example", "[::1]"],
  all: ["*.shop.example"],
  eu: ["*.eu.shop.example"],
  one: ["one.shop.example"],
};
const RECORDS = Object.entries(HOSTS).map(([id, hosts]) => record(id, ...hosts));

describe.each([
  ["records", known(Sites.of(RECORDS))],
  ["the configuration", known(Sites.of(), HOSTS)],
  ["both", known(Sites.of(RECORDS.slice(0, 2)), { eu: HOSTS.eu ?? [], one: HOSTS.one ?? [] })],
])("a lookup with exact hosts and wildcards, of %s", (_name, lookup) => {
  test.each([
    ["shop.example", "shop"],
    ["SHOP.example", "shop"],
    ["shop.example:8080", "shop"],
    ["Shop.Example.:8080", "shop"],
    ["[::1]:3000", "shop"],
    ["a.shop.example", "all"],
    ["a.b.shop.example", "all"],
    ["a.eu.shop.example:80", "eu"],
    ["eu.shop.example", "all"],
    ["one.shop.example", "one"],
    ["x.one.shop.example", "all"],
    ["*.shop.example", "unclear"],
    ["*", "unclear"],
    ["myshop.example", null],
    ["blog.example", null],
    ["example", null],
    ["", null],
    ["shop.example:x", "unclear"],
    ["shop.example, shop.example", "unclear"],
    ["nonsense/", "unclear"],
    [undefined, null],
  ])("%s belongs to %s", (header, id) => {
    expect(found(lookup, header)).toBe(id);
  });
});

test("of two sites with the same host, the first has it; when it goes, the second has it", () => {
  const sites = Sites.of([record("a", "a.example", "*.example"), record("b", "a.example", "*.example")]);
  expect([found(known(sites), "a.example"), found(known(sites), "x.example")]).toEqual(["a", "a"]);
  const without = sites.with([["a", compileSite(record("a"), false)]]);
  expect([found(known(without), "a.example"), found(known(without), "x.example")]).toEqual(["b", "b"]);
  expect(found(known(sites), "a.example")).toBe("a");
});

test("a record whose hosts cannot be read takes every other host, unless the configuration has its hosts", () => {
  const sites = Sites.of([record("shop", ANY_HOST), record("blog", ANY_HOST)]);
  expect(found(known(sites, { shop: ["shop.example"] }), "unknown.example")).toBe("blog");
  expect(found(known(sites, { shop: ["shop.example"] }), "shop.example")).toBe("shop");
  expect(found(known(sites, { shop: ["shop.example"], blog: [] }), "unknown.example")).toBeNull();
});

test("a site with 10,000 hosts is found by each", () => {
  const hosts = Array.from({ length: 10_000 }, (_, index) => `tenant-${index}.example`);
  const sites = known(Sites.of([record("tenants", ...hosts), record("other", "other.example")]));
  expect(hosts.filter((host) => found(sites, host) !== "tenants")).toEqual([]);
  expect(sites.get("tenants")?.stored.hosts).toEqual(hosts);
});

test("an open site that only the configuration knows is the same object each time, and is not compiled before it is read", () => {
  const before = known(Sites.of(), { shop: ["shop.example"], blog: [] });
  const after = new KnownSites(
    Sites.of([record("x")]),
    { configured: configuredOf({ shop: ["shop.example"] }), groups: [], ignoreCase: false },
    before,
  );
  expect(before.find("shop.example")).toBe(before.get("shop"));
  expect(after.get("shop")).toBe(before.get("shop"));
  expect([...before.keys()]).toEqual(["*", "shop", "blog"]);
  expect([...before.values()].map(({ id, mode }) => `${id} ${mode}`)).toEqual(["* open", "shop open", "blog open"]);
  expect(before.size).toBe(3);
  expect(before.get("unknown")).toBeUndefined();
});

const host = fc
  .tuple(fc.constantFrom("", "*."), fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 3 }))
  .map(([wildcard, labels]) => `${wildcard}${labels.join(".")}`);
const id = fc.constantFrom("w", "x", "y", "z");
const steps = fc.array(fc.tuple(id, fc.option(fc.uniqueArray(host, { maxLength: 3 }))), { maxLength: 12 });

test("after any changes, each host belongs to the first of the sites that have it", () => {
  fc.assert(
    fc.property(steps, fc.array(host), (changes, asked) => {
      let sites = Sites.of();
      for (const [id, hosts] of changes) {
        sites = sites.with([[id, hosts && compileSite(record(id, ...hosts), false)]]);
      }
      const held = [...sites.byId.values()];
      for (const name of asked.filter((one) => !one.startsWith("*"))) {
        const wildcards = name.split(".").map((_, at, labels) => `*.${labels.slice(at + 1).join(".")}`);
        const owner = [name, ...wildcards.slice(0, -1)].flatMap((one) => held.find((it) => it.hasHost(one)) ?? [])[0];
        expect(found(known(sites), name)).toBe(owner?.id ?? null);
      }
    }),
    { numRuns: 500 },
  );
});

test("a host is found however many others were looked up before, and again", () => {
  const sites = known(Sites.of(RECORDS));
  const hosts = Array.from({ length: 5_000 }, (_, port) => `Shop.example:${port}`);
  for (let time = 0; time < 2; time += 1)
    expect(new Set(hosts.map((host) => found(sites, host)))).toEqual(new Set(["shop"]));
  expect([found(sites, "one.shop.example"), found(sites, "blog.example"), found(sites, "*")]).toEqual([
    "one",
    null,
    UNCLEAR,
  ]);
});
