import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSiteLookup, findHostConflict, type SiteEntry } from "../../../src/rules/hosts/site-lookup.ts";

const site = (value: string, ...hosts: string[]): SiteEntry<string> => ({ value, hosts });

describe("a lookup with exact hosts and wildcards", () => {
  const lookup = createSiteLookup([
    site("shop", "shop.example", "[::1]"),
    site("all shops", "*.shop.example"),
    site("eu shops", "*.eu.shop.example"),
    site("one shop", "one.shop.example"),
  ]);

  test.each([
    ["shop.example", "shop"],
    ["SHOP.example", "shop"],
    ["shop.example:8080", "shop"],
    ["Shop.Example.:8080", "shop"],
    ["[::1]:3000", "shop"],
    ["a.shop.example", "all shops"],
    ["a.b.shop.example", "all shops"],
    ["a.eu.shop.example:80", "eu shops"],
    ["eu.shop.example", "all shops"],
    ["one.shop.example", "one shop"],
    ["x.one.shop.example", "all shops"],
    ["*.shop.example", "unclear"],
    ["myshop.example", null],
    ["blog.example", null],
    ["example", null],
    ["", null],
    ["shop.example:x", "unclear"],
    ["shop.example, shop.example", "unclear"],
    ["nonsense/", "unclear"],
    [undefined, null],
  ])("%s belongs to %s", (header, value) => {
    expect(lookup.find(header)).toBe(value);
  });
});

test("of two sites with the same host, the first has it, and the conflict is reported", () => {
  const entries = [site("a", "a.example"), site("b", "b.example", "a.example"), site("c", "*.example", "*.example")];
  expect(createSiteLookup(entries).find("a.example")).toBe("a");
  expect(findHostConflict(entries)).toEqual({ host: "a.example", first: "a", second: "b" });
  expect(findHostConflict(entries.slice(1))).toBeNull();
});

test("a change returns a new lookup and does not modify the old one", () => {
  const before = createSiteLookup([site("a", "a.example", "*.a.example"), site("b", "b.example")]);
  const after = before.with({ removed: ["a.example", "*.a.example"], added: [site("A", "a.example", "*.c.example")] });
  const hosts = ["a.example", "x.a.example", "b.example", "x.c.example"];
  expect(hosts.map(before.find)).toEqual(["a", "a", "b", null]);
  expect(hosts.map(after.find)).toEqual(["A", null, "b", "A"]);
});

test("after changes among 20,000 sites, in bulk and one by one, the lookup equals a rebuilt one", () => {
  const entries = Array.from({ length: 20_000 }, (_, i) => site(`site ${i}`, `shop-${i}.example`));
  let lookup = createSiteLookup(entries.slice(0, 4_000));
  lookup = lookup.with({ removed: [], added: entries.slice(4_000) });
  const old = lookup;
  for (let i = 0; i < 20_000; i += 100) {
    lookup = lookup.with({
      removed: [`shop-${i}.example`],
      added: i % 200 === 0 ? [site("new", `shop-${i}.example`)] : [],
    });
  }
  for (let i = 0; i < 20_000; i++) {
    const expected = i % 200 === 0 ? "new" : i % 100 === 0 ? null : `site ${i}`;
    expect(lookup.find(`shop-${i}.example`)).toBe(expected);
    expect(old.find(`shop-${i}.example`)).toBe(`site ${i}`);
  }
});

const host = fc
  .tuple(fc.constantFrom("", "*."), fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 3 }))
  .map(([wildcard, labels]) => `${wildcard}${labels.join(".")}`);
const entry = fc.record({ hosts: fc.array(host, { maxLength: 3 }), value: fc.nat() });

test("with() equals building the lookup from scratch", () => {
  fc.assert(
    fc.property(
      fc.array(entry),
      fc.array(fc.record({ removed: fc.array(host), added: fc.array(entry) }), { maxLength: 4 }),
      fc.array(host),
      (entries, changes, asked) => {
        let lookup = createSiteLookup(entries);
        let rebuilt = entries;
        for (const { removed, added } of changes) {
          lookup = lookup.with({ removed, added });
          const kept = rebuilt.map(({ hosts, value }) => ({ hosts: hosts.filter((h) => !removed.includes(h)), value }));
          rebuilt = [...kept, ...added];
        }
        const expected = createSiteLookup(rebuilt);
        for (const name of asked) expect(lookup.find(name)).toBe(expected.find(name));
      },
    ),
  );
});
