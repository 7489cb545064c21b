import fc from "fast-check";
import { expect, test } from "vitest";
import { VersionedMap } from "../../../src/rules/versioned-map.ts";

interface Item {
  readonly id: string;
  readonly value: number;
}

const ITEMS = new Map<string, Item>();

/** Returns the same object for the same id and value. */
function itemOf(id: string, value: number): Item {
  const item = ITEMS.get(`${id} ${value}`) ?? { id, value };
  ITEMS.set(`${id} ${value}`, item);
  return item;
}

const id = fc.integer({ min: 0, max: 600 }).map((it) => `key-${it}`);
const change = fc.array(fc.tuple(id, fc.option(fc.integer({ min: 0, max: 3 }))), { maxLength: 300 });

/** Applies the same change to a plain map. */
function changed(map: ReadonlyMap<string, Item>, changes: readonly (readonly [string, number | null])[]) {
  const next = new Map(map);
  for (const [it, value] of changes) {
    if (value === null) next.delete(it);
    else next.set(it, itemOf(it, value));
  }
  return next;
}

/** Returns the ids whose items differ. */
function differing(before: ReadonlyMap<string, Item>, after: ReadonlyMap<string, Item>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((it) => before.get(it) !== after.get(it)).sort();
}

const sorted = <T>(items: Iterable<T>): T[] => [...items].sort();

test("every version is immutable, and reports its differences from another", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(change, fc.nat()), { maxLength: 8 }), (changes) => {
      const versions = [{ map: VersionedMap.of<Item>(), plain: new Map<string, Item>() }];
      for (const [it, from] of changes) {
        const base = versions[from % versions.length] ?? { map: VersionedMap.of<Item>(), plain: new Map() };
        const put = it.map(([id, value]) => [id, value === null ? null : itemOf(id, value)] as const);
        versions.push({ map: base.map.with(put), plain: changed(base.plain, it) });
      }
      for (const { map, plain } of versions) {
        expect(sorted(map.keys())).toEqual(sorted(plain.keys()));
        expect(map.size).toBe(plain.size);
        expect(new Map(map)).toEqual(plain);
        expect([...map.values()].length).toBe(plain.size);
        for (let i = 0; i <= 600; i += 7) {
          expect(map.get(`key-${i}`)).toBe(plain.get(`key-${i}`));
          expect(map.has(`key-${i}`)).toBe(plain.has(`key-${i}`));
        }
        for (const other of versions) {
          const expected = differing(other.plain, plain);
          expect(sorted(map.changedSince(other.map))).toEqual(expected);
          expect(sorted(map.changedSince(other.plain))).toEqual(expected);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test("a value that is set to itself changes nothing", () => {
  const map = VersionedMap.of([itemOf("a", 1)]);
  expect(map.with([["a", itemOf("a", 1)]])).toBe(map);
  expect(map.with([["b", null]])).toBe(map);
});

test("the map keeps the order of insertion, also if a value is replaced, and the last of two values applies", () => {
  const map = VersionedMap.of([itemOf("b", 1), itemOf("a", 2), itemOf("b", 3), itemOf("c", 4)]).with([
    ["b", itemOf("b", 5)],
  ]);
  expect([...map.values()].map(({ id, value }) => `${id} ${value}`)).toEqual(["b 5", "a 2", "c 4"]);
});

test("ids that were added and removed are not kept for ever", () => {
  let map = VersionedMap.of<Item>([itemOf("first", 0)]);
  const first = map;
  for (let i = 0; i < 10_000; i++) {
    map = map.with([
      [`key-${i - 1}`, null],
      [`key-${i}`, { id: `key-${i}`, value: i }],
    ]);
  }
  expect([...map.keys()]).toEqual(["first", "key-9999"]);
  expect(map.isAkin(first)).toBe(false);
  expect(map.placeOf("key-9999")).toBeLessThan(2_000);
});
