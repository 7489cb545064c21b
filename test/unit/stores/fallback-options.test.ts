import { expect, test } from "vitest";
import { type FallbackStoreOptions, fallbackStore } from "../../../src/stores/fallback.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { chaosStore } from "../../../src/testing/doubles/chaos-store.ts";

const primary = memoryStore();
const copy = memoryStore();

test.each([
  [undefined, "primary is missing"],
  [{}, "primary is missing"],
  [{ copies: [copy] }, "primary is missing"],
  [{ primary }, "copies is missing"],
  [{ primary, copies: [] }, "copies: expected at least one store"],
  [{ primary, copies: copy }, "copies"],
  [{ primary: "file", copies: [copy] }, "primary: expected a store, such as fileStore(), found 'file'"],
  [{ primary, copies: [null] }, "copies[0]: expected a store, such as fileStore(), found null"],
  [{ primary, copies: [primary] }, "twice"],
  [{ primary, copies: [copy, copy] }, "twice"],
  [{ primary, copies: [copy], patience: 0 }, "patience: expected 1 to 60,000 milliseconds, found 0"],
  [{ primary, copies: [copy], patience: Number.NaN }, "patience: expected 1 to 60,000 milliseconds, found NaN"],
  [{ primary, copies: [copy], patiense: 5 }, "'patiense'"],
  [{ primary, copy: [copy] }, "copies is missing"],
])("option set %# is refused, with what to do", (given, wanted) => {
  let thrown: { code?: string; message?: string; hint?: string } = {};
  try {
    fallbackStore(given as unknown as FallbackStoreOptions);
  } catch (error) {
    thrown = error as typeof thrown;
  }
  expect(thrown.code).toBe("ERR_INVALID_OPTION");
  expect(`${thrown.message} ${thrown.hint}`).toContain(wanted);
});

test("the store calls no other store until it is used", () => {
  const [a, b] = [chaosStore(memoryStore()), chaosStore(memoryStore())];
  const chain = fallbackStore({ primary: a, copies: [b] });
  expect([a.calls.load, b.calls.load]).toEqual([0, 0]);
  expect(chain.current).toBe(a.name);
  expect(chain.name).toBe(`${a.name}, else ${b.name}`);
  expect(chain.capabilities).toEqual(a.capabilities);
});
