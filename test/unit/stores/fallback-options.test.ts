import { expect, test } from "vitest";
import { fallback } from "../../../src/stores/fallback.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { chaosStore } from "../../../src/testing/doubles/chaos-store.ts";

const first = memoryStore();

test.each([
  [[], "at least two"],
  [[first], "at least two"],
  [[first, { patience: 5 }], "at least two"],
  [[first, first], "twice"],
  [[first, "file"], "argument 2 is no store"],
  [[first, null], "argument 2 is no store"],
  [[{ patience: 5 }, first, memoryStore()], "argument 1 is no store"],
  [[first, memoryStore(), { patience: 0 }], "patience: expected 1 to 60,000 milliseconds, found 0"],
  [[first, memoryStore(), { patience: Number.NaN }], "patience: expected 1 to 60,000 milliseconds, found NaN"],
  [[first, memoryStore(), { patiense: 5 }], "'patiense'"],
])("%# is refused, with what to do", (given, wanted) => {
  let thrown: { code?: string; message?: string; hint?: string } = {};
  try {
    fallback(...(given as unknown as Parameters<typeof fallback>));
  } catch (error) {
    thrown = error as typeof thrown;
  }
  expect(thrown.code).toBe("ERR_INVALID_OPTION");
  expect(`${thrown.message} ${thrown.hint}`).toContain(wanted);
});

test("it asks nobody anything until it is used", () => {
  const [a, b] = [chaosStore(memoryStore()), chaosStore(memoryStore())];
  const chain = fallback(a, b);
  expect([a.calls.load, b.calls.load]).toEqual([0, 0]);
  expect(chain.current).toBe(a.name);
  expect(chain.name).toBe(`${a.name}, else ${b.name}`);
  expect(chain.capabilities).toEqual(a.capabilities);
});
