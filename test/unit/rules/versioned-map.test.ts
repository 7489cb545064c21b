import fc from "fast-check";
import { expect, test } from "vitest";
import { changedKeys, VersionedMap } from "../../../src/rules/versioned-map.ts";

const key = fc.integer({ min: 0, max: 600 }).map((it) => `key-${it}`);
const value = fc.integer({ min: 0, max: 3 }).map((it) => `value ${it}`);
const change = fc.record({
  removed: fc.array(key, { maxLength: 30 }),
  added: fc.array(fc.tuple(key, value), { maxLength: 300 }),
});

/** Applies the same change to a plain map. */
function changed(
  map: ReadonlyMap<string, string>,
  { removed, added }: typeof change extends fc.Arbitrary<infer T> ? T : never,
) {
  const next = new Map(map);
  for (const it of removed) next.delete(it);
  for (const [it, to] of added) if (!next.has(it)) next.set(it, to);
  return next;
}

const sorted = <T>(items: Iterable<T>): T[] => [...items].sort();

test("every version is immutable, and reports its differences from another", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(change, fc.nat()), { maxLength: 8 }), (changes) => {
      const versions = [{ map: VersionedMap.of<string>(), plain: new Map<string, string>() }];
      for (const [it, from] of changes) {
        const base = versions[from % versions.length] ?? { map: VersionedMap.of<string>(), plain: new Map() };
        versions.push({ map: base.map.with(it.removed, it.added), plain: changed(base.plain, it) });
      }
      for (const { map, plain } of versions) {
        expect(sorted(map)).toEqual(sorted(plain));
        expect(map.size).toBe(plain.size);
        expect(sorted(map.keys())).toEqual(sorted(plain.keys()));
        expect([...map.values()].length).toBe(plain.size);
        for (let i = 0; i <= 600; i += 7) {
          expect(map.get(`key-${i}`)).toBe(plain.get(`key-${i}`));
          expect(map.has(`key-${i}`)).toBe(plain.has(`key-${i}`));
        }
        for (const other of versions) {
          const expected = sorted(changedKeys(other.plain, plain));
          expect(sorted(changedKeys(other.map, map))).toEqual(expected);
          expect(sorted(changedKeys(other.plain, map))).toEqual(expected);
          expect(sorted(changedKeys(other.map, plain))).toEqual(expected);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test("the differences of two maps are the keys with other values, and those that one of them lacks", () => {
  const before = new Map([
    ["same", 1],
    ["other", 2],
    ["gone", 3],
  ]);
  const after = new Map([
    ["same", 1],
    ["other", 4],
    ["new", 5],
  ]);
  expect(sorted(changedKeys(before, after))).toEqual(["gone", "new", "other"]);
  expect(changedKeys(before, new Map(before))).toEqual([]);
});

test("the map keeps the order of insertion, also if a value is replaced", () => {
  const map = VersionedMap.of([
    ["b", 1],
    ["a", 2],
    ["b", 3],
    ["c", 4],
  ]).with(["b"], [["b", 5]]);
  expect([...map]).toEqual([
    ["b", 5],
    ["a", 2],
    ["c", 4],
  ]);
});

test("maps that share an index each have their own keys", () => {
  const records = VersionedMap.of([
    ["a", 1],
    ["b", 2],
  ]);
  const sites = VersionedMap.of(
    [
      ["c", "C"],
      ["b", "B"],
    ],
    records,
  );
  expect([...records]).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  expect(sorted(sites)).toEqual([
    ["b", "B"],
    ["c", "C"],
  ]);
  expect([sites.get("a"), records.get("c")]).toEqual([undefined, undefined]);
});

test("keys that were added and removed are not kept for ever", () => {
  let map = VersionedMap.of<number>([["first", 0]]);
  for (let i = 0; i < 10_000; i++) map = map.with([`key-${i - 1}`], [[`key-${i}`, i]]);
  expect([...map]).toEqual([
    ["first", 0],
    ["key-9999", 9999],
  ]);
});
