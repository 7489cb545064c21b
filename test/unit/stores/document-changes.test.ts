import { describe, expect, test } from "vitest";
import { documentStore } from "../../../src/stores/document/document.ts";
import type { Store } from "../../../src/stores/store.ts";
import { change, draftFrom } from "../../../src/testing/stores/session.ts";
import { textStorage } from "./text-storage.ts";

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

async function written() {
  const storage = textStorage(null);
  const store = documentStore(storage);
  const other = documentStore(storage);
  const position = await change(other, { shop: CLOSED });
  await store.load();
  return { storage, store, other, position };
}

const versions = async (store: Store, from: Parameters<Store["changesSince"]>[0]) => {
  const changes = await store.changesSince(from);
  return changes === "reload" ? changes : changes.map(({ version }) => version);
};

describe("changesSince", () => {
  test("reads nothing if the tag is the same", async () => {
    const { storage, store, position } = await written();
    const { reads } = storage;
    expect(await store.changesSince(position)).toEqual([]);
    expect(storage.reads).toBe(reads);
  });

  test("returns the changes to every caller of a shared instance, in any order", async () => {
    const { store, other, position } = await written();
    await change(other, { shop: OPEN });
    expect(await versions(store, position)).toEqual([2]);
    await change(other, { blog: CLOSED });
    await store.load();
    expect(await versions(store, position)).toEqual([2, 3]);
    expect(await versions(store, { ...position, version: 2 })).toEqual([3]);
  });

  test('returns "reload" once to every caller of a shared instance after an edit that keeps the version', async () => {
    const { storage, store, position } = await written();
    storage.edit((storage.text ?? "").replace('"mode": "closed"', '"mode": "read-only"'));
    expect(await store.changesSince(position)).toBe("reload");
    expect(await store.changesSince(position)).toBe("reload");
    const { lineage, version, records } = await store.load();
    expect(records[0]?.text).toBe('{"mode":"read-only"}');
    expect(await store.changesSince({ lineage, version })).toEqual([]);
  });

  test('returns "reload" after an edit and a commit between two polls', async () => {
    const { storage, store, other, position } = await written();
    storage.edit((storage.text ?? "").replace('"sites": {', '"sites": { "blog": { "mode": "closed" },'));
    await change(other, { shop: OPEN });
    expect(await store.changesSince(position)).toBe("reload");
  });

  test("ignores a change of white space", async () => {
    const { storage, store, position } = await written();
    storage.edit(JSON.stringify(JSON.parse(storage.text ?? "")));
    expect(await store.changesSince(position)).toEqual([]);
  });

  test("makes a commit over an edit by hand a conflict", async () => {
    const { storage, store } = await written();
    const state = await store.load();
    storage.edit((storage.text ?? "").replace('"mode": "closed"', '"mode": "read-only"'));
    const stale = await store.commit(draftFrom(state, { shop: OPEN }));
    expect(stale.ok).toBe(false);
    await change(store, { shop: OPEN });
  });

  test('returns "reload" after the state was restored from a copy', async () => {
    const { storage, store, other, position } = await written();
    const copy = storage.text;
    const later = await change(other, { shop: OPEN });
    expect(await versions(store, position)).toEqual([2]);
    storage.edit(copy);
    expect(await store.changesSince(later)).toBe("reload");
  });
});

describe("commit", () => {
  test("starts again if another writer is faster, and both changes are kept", async () => {
    const { storage, store, other } = await written();
    storage.beforeWrite(async () => void (await change(other, { blog: CLOSED })));
    const result = await store.commit(draftFrom(await store.load(), { shop: OPEN }));
    expect(result).toMatchObject({ ok: true, position: { version: 3 } });
    expect((await store.load()).records).toHaveLength(2);
  });

  test("is a conflict if the faster writer has changed the same record", async () => {
    const { storage, store, other } = await written();
    storage.beforeWrite(async () => void (await change(other, { shop: { mode: "read-only" } })));
    const result = await store.commit(draftFrom(await store.load(), { shop: OPEN }));
    expect(result).toMatchObject({ ok: false, reason: "conflict", current: { version: 2 } });
  });

  test("does not fail because the previous one has failed", async () => {
    const { storage, store } = await written();
    const state = await store.load();
    storage.beforeWrite(() => Promise.reject(new Error("away")));
    const first = store.commit(draftFrom(state, { shop: OPEN }));
    const second = store.commit(draftFrom(state, { blog: OPEN }));
    await expect(first).rejects.toThrow("away");
    expect(await second).toMatchObject({ ok: true, position: { version: 2 } });
  });
});

describe("history", () => {
  test("keeps the last 200 changes", async () => {
    const { store } = await written();
    for (let version = 2; version <= 205; version++) await change(store, { shop: { version } });
    const history = await store.history({ limit: 1000 });
    expect(history.map(({ version }) => version)).toEqual(Array.from({ length: 200 }, (_, index) => 205 - index));
  });

  test("keeps fewer large records, and always the last", async () => {
    const { storage, store } = await written();
    for (let count = 0; count < 8; count++) await change(store, { shop: { count, message: "x".repeat(200_000) } });
    expect((storage.text ?? "").length).toBeLessThan(1_500_000);
    await change(store, { shop: { message: "x".repeat(3_000_000) } });
    expect(await store.history({ limit: 10 })).toHaveLength(1);
  });
});
