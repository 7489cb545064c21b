import assert from "node:assert/strict";
import type { Position, StateContent, Store } from "../../stores/store.ts";
import { change, contentOf, draftFrom, loadAt, type StoreCases, type StoreSession } from "./session.ts";

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };
const NEVER_WRITTEN: Position = { lineage: "", version: 0 };

export const importCases: StoreCases = {
  "an imported state equals its source: lineage, versions, records and history": async ({ store, another }) => {
    const content = contentOfAnother();
    await imported(store, content, NEVER_WRITTEN);
    const other = await another();
    const { records } = await loadAt(other, content);
    assert.deepEqual(contentOf(records), contentOf(content.records));
    const history = await other.history({ limit: 10 });
    assert.deepEqual(history.map(comparable), content.history.map(comparable));
  },

  "after an import, changes continue from its version": async ({ store, another }) => {
    const content = contentOfAnother();
    const { lineage, version } = await imported(store, content, NEVER_WRITTEN);
    await loadAt(store, content);
    const position = await change(store, { blog: CLOSED });
    assert.deepEqual(position, { lineage, version: version + 1 });
    const { records } = await loadAt(await another(), { lineage: content.lineage, version: position.version });
    assert.deepEqual(contentOf(records), {
      shop: { version: 3, content: CLOSED },
      blog: { version: 1, content: CLOSED },
    });
  },

  "an import over another position than the store's is a conflict and writes nothing": async ({ store }) => {
    const position = await change(store, { blog: OPEN });
    for (const over of [NEVER_WRITTEN, { ...position, version: 7 }, { ...position, lineage: "another" }]) {
      const result = await store.importState(contentOfAnother(), over);
      assert.deepEqual(result, { ok: false, reason: "conflict", current: position });
    }
    assert.deepEqual(contentOf((await loadAt(store, position)).records), { blog: { version: 1, content: OPEN } });
  },

  "an import replaces everything, and followers reload": async ({ store, another }) => {
    const before = await change(store, { blog: OPEN, cart: CLOSED });
    const follower = await another();
    await loadAt(follower, before);
    const content = contentOfAnother();
    const position = await imported(store, content, before);
    const { records } = await loadAt(await another(), content);
    assert.deepEqual(contentOf(records), { shop: { version: 3, content: CLOSED } });
    assert.deepEqual(
      (await store.history({ limit: 10 })).map(({ version }) => version),
      [5],
    );
    assert.equal(position.version, 5);
    assert.equal(await follower.changesSince(before), "reload");
  },

  "an import without history makes followers reload": async ({ store }) => {
    const content = { ...contentOfAnother(), history: [] };
    const position = await imported(store, content, NEVER_WRITTEN);
    assert.equal(await store.changesSince(NEVER_WRITTEN), "reload");
    await loadAt(store, position);
    assert.deepEqual(await store.changesSince(position), []);
  },

  "a load of some sites returns those that have a record": async ({ store }) => {
    const position = await change(store, { shop: CLOSED, blog: OPEN, "*": OPEN });
    const ids = ["shop", "unheard-of"];
    const { lineage, version, records } = await store.load({ sites: ids });
    assert.deepEqual({ lineage, version }, position);
    const found = contentOf(records);
    assert.deepEqual(found.shop, { version: 1, content: CLOSED });
    assert.equal(Object.hasOwn(found, "unheard-of"), false);
    assert.equal((await store.load({ sites: [] })).version, 1);
  },

  "two thousand records can be changed at once": async ({ store, another }) => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `site-${index}`);
    const all = (content: object | null): Record<string, object | null> =>
      Object.fromEntries(ids.map((id) => [id, content]));
    const first = await change(store, all(OPEN));
    const seen = await loadAt(store, first);
    const other = await another();
    await change(other, { "site-1999": CLOSED });
    assert.equal((await store.commit(draftFrom(seen, all(CLOSED)))).ok, false);
    const third = await change(store, all(CLOSED));
    const { records } = await loadAt(other, third);
    assert.equal(records.length, 2_000);
    assert.deepEqual(contentOf(records)["site-1999"], { version: 3, content: CLOSED });
    assert.equal((await store.history({ site: "site-0", limit: 1 }))[0]?.records.length, 2_000);
    const fourth = await change(store, all(null));
    assert.deepEqual((await loadAt(other, fourth)).records, []);
  },
};

/** Only if the session can restore a state from a backup. */
export const backupCases: StoreCases = {
  "a state restored from a backup is noticed, and the lost change does not win": async (session) => {
    const { store } = session;
    if (store.capabilities.readAfterWrite === "eventual") return;
    await change(store, { shop: OPEN });
    const restore = await backedUp(session);
    const lost = await change(store, { shop: CLOSED });
    await restore();
    assert.equal(await store.changesSince(lost), "reload");
    const { lineage, version, records } = await store.load();
    assert.notEqual(lineage, lost.lineage);
    assert.equal(version, 1);
    assert.deepEqual(contentOf(records), { shop: { version: 1, content: OPEN } });
    assert.deepEqual(await store.changesSince({ lineage, version }), []);
  },

  "callers that hold lost changes get the other changes under the same versions": async (session) => {
    const { store } = session;
    await change(store, { shop: OPEN });
    const restore = await backedUp(session);
    const lost = await change(store, { shop: CLOSED });
    await loadAt(store, lost);
    await restore();
    const other = await session.another();
    const found = await change(other, { blog: CLOSED });
    assert.equal(found.version, lost.version);
    assert.equal(await store.changesSince(lost), "reload");
    const { lineage, records } = await store.load();
    assert.notEqual(lineage, lost.lineage);
    assert.deepEqual(contentOf(records), {
      shop: { version: 1, content: OPEN },
      blog: { version: 1, content: CLOSED },
    });
  },

  "after a backup was restored, changes are accepted as before": async (session) => {
    const { store } = session;
    await change(store, { shop: OPEN });
    const restore = await backedUp(session);
    await change(store, { shop: CLOSED });
    await restore();
    await change(store, { blog: CLOSED });
    const position = await change(store, { shop: null });
    assert.equal(position.version, 3);
    const { records } = await loadAt(store, position);
    assert.deepEqual(contentOf(records), { blog: { version: 1, content: CLOSED } });
  },
};

async function imported(store: Store, content: StateContent, over: Position): Promise<Position> {
  const result = await store.importState(content, over);
  assert.ok(result.ok, "a conflict without another writer");
  return result.position;
}

/** The content of another store, whose log reaches back one change. */
function contentOfAnother(): StateContent {
  const lineage = "lineage-of-another";
  const shop = { id: "shop", version: 2, text: JSON.stringify(OPEN) };
  const draft = draftFrom({ lineage, version: 4, records: [shop] }, { shop: CLOSED });
  return {
    lineage,
    version: 5,
    records: [{ ...shop, version: 3, text: JSON.stringify(CLOSED) }],
    history: [{ ...draft, version: 5 }],
  };
}

/** Texts of records may differ in the order of their keys. */
function comparable({ records, ...rest }: StateContent["history"][number]): object {
  const parsed = records.map(({ id, seen, before, after }) => [
    id,
    seen,
    JSON.parse(before ?? "0"),
    JSON.parse(after ?? "0"),
  ]);
  return { ...rest, records: parsed };
}

async function backedUp(session: StoreSession): Promise<() => Promise<void>> {
  assert.ok(session.backup);
  return session.backup();
}
