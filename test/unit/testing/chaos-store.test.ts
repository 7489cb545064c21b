import { describe, expect, test } from "vitest";
import { memoryStore } from "../../../src/stores/memory.ts";
import { chaosStore } from "../../../src/testing/doubles/chaos-store.ts";
import { storeConformance } from "../../../src/testing/stores/conformance.ts";
import { change, draftFrom } from "../../../src/testing/stores/session.ts";

async function open() {
  const store = chaosStore(memoryStore());
  return { store, another: async () => store, dispose: () => store.close() };
}

describe("without faults, every call reaches the store", () => {
  for (const { name, run } of storeConformance({ open })) test(name, run);
});

test("fail rejects without effect, and lose rejects after the effect", async () => {
  const store = chaosStore(memoryStore());
  const draft = draftFrom(await store.load(), { shop: {} });
  store.inject("fail", "commit");
  await expect(store.commit(draft)).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  expect((await store.load()).version).toBe(0);
  store.inject("lose", "commit");
  await expect(store.commit(draft)).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  expect((await store.load()).version).toBe(1);
  expect(store.calls).toEqual({ load: 3, changesSince: 0, commit: 2, history: 0, importState: 0, watch: 0 });
});

test("hang answers with the state at the release, and late with the state at the call", async () => {
  const inner = memoryStore();
  const store = chaosStore(inner);
  store.inject("hang", "load");
  const hanging = store.load();
  store.inject("late", "load");
  const late = store.load();
  await change(inner, { shop: {} });
  store.recover();
  expect((await hanging).version).toBe(1);
  expect((await late).version).toBe(0);
});

test("a caller of a hanging call can give up", async () => {
  const store = chaosStore(memoryStore());
  store.inject("hang");
  const giving = new AbortController();
  const loading = store.load({ signal: giving.signal });
  giving.abort(new Error("enough"));
  await expect(loading).rejects.toThrow("enough");
});

test("dropped watches reject, and a new watch works", async () => {
  const store = chaosStore(memoryStore());
  const ending = new AbortController();
  const dropped = store.watch?.(() => {}, { signal: ending.signal });
  store.dropWatches();
  await expect(dropped).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  const watching = store.watch?.(() => {}, { signal: ending.signal });
  ending.abort();
  await watching;
});
