import assert from "node:assert/strict";
import { isMaintenanceError } from "../../errors.ts";
import type { StateChange, Store } from "../../stores/store.ts";
import { change, contentOf, draftFrom, loadAt, type StoreCases } from "./session.ts";

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

export const commitCases: StoreCases = {
  "a state that was never written has version 0, and no lineage, records or history": async ({ store }) => {
    assert.deepEqual(await store.load(), { lineage: "", version: 0, records: [] });
    assert.deepEqual(await store.history({ limit: 10 }), []);
  },

  "another instance loads what was committed": async ({ store, another }) => {
    const position = await change(store, { shop: CLOSED, "*": { mode: "read-only", hosts: ["a.example"] } });
    assert.notEqual(position.lineage, "");
    const { records } = await loadAt(await another(), position);
    assert.deepEqual(contentOf(records), {
      shop: { version: 1, content: CLOSED },
      "*": { version: 1, content: { mode: "read-only", hosts: ["a.example"] } },
    });
  },

  "a commit raises the version of the state and of the changed records by one": async ({ store }) => {
    const first = await change(store, { shop: CLOSED, blog: CLOSED });
    const second = await change(store, { shop: OPEN });
    assert.deepEqual(second, { lineage: first.lineage, version: 2 });
    const { records } = await loadAt(store, second);
    assert.deepEqual(contentOf(records), {
      shop: { version: 2, content: OPEN },
      blog: { version: 1, content: CLOSED },
    });
  },

  "a change without records is accepted, fed and in the history": async ({ store, another }) => {
    const first = await change(store, { shop: CLOSED });
    await loadAt(store, first);
    const position = await change(await another(), {});
    assert.deepEqual(position, { lineage: first.lineage, version: 2 });
    const { records } = await loadAt(store, position);
    assert.deepEqual(contentOf(records), { shop: { version: 1, content: CLOSED } });
    const changes = await store.changesSince(first);
    if (changes !== "reload") assert.deepEqual(changes.map(recordsAt), [[2, []]]);
    assert.deepEqual((await store.history({ limit: 1 })).map(recordsAt), [[2, []]]);
  },

  "a commit that expects another version of a record is a conflict and writes nothing": async ({ store }) => {
    await change(store, { shop: CLOSED });
    const old = await store.load();
    const position = await change(store, { shop: OPEN });
    const result = await store.commit(draftFrom(old, { shop: { mode: "read-only" } }));
    assert.deepEqual(result, { ok: false, reason: "conflict", current: position });
    assert.deepEqual(contentOf((await loadAt(store, position)).records).shop, { version: 2, content: OPEN });
  },

  "a commit that expects no record where there is one is a conflict": async ({ store }) => {
    const { lineage } = await change(store, { shop: CLOSED });
    const result = await store.commit(draftFrom({ lineage, version: 1, records: [] }, { shop: OPEN }));
    assert.equal(result.ok, false);
  },

  "a commit that expects another lineage is a conflict": async ({ store }) => {
    const position = await change(store, { shop: CLOSED });
    for (const lineage of ["", "another"]) {
      const result = await store.commit(draftFrom({ lineage, version: 1, records: [] }, { blog: CLOSED }));
      assert.deepEqual(result, { ok: false, reason: "conflict", current: position });
    }
  },

  "several records are written together or not at all": async ({ store }) => {
    const position = await change(store, { shop: CLOSED });
    const { lineage, version } = position;
    const result = await store.commit(draftFrom({ lineage, version, records: [] }, { blog: CLOSED, shop: OPEN }));
    assert.equal(result.ok, false);
    assert.deepEqual(contentOf((await loadAt(store, position)).records), { shop: { version: 1, content: CLOSED } });
  },

  "a removed record is gone, and can be created again": async ({ store }) => {
    await change(store, { shop: CLOSED, blog: OPEN });
    const position = await change(store, { shop: null });
    assert.deepEqual(contentOf((await loadAt(store, position)).records), { blog: { version: 1, content: OPEN } });
    await loadAt(store, await change(store, { shop: OPEN }));
  },

  "texts and ids are returned unchanged: any script, 100 KB, names of JavaScript's own members": async ({
    store,
    another,
  }) => {
    const after = {
      "*": { message: 'Wir sind um 9 zurück: "\\ \u0000\u2028 日本語 עברית 🛠 </script>\r\n' },
      constructor: { message: "é".repeat(100_000) },
      prototype: { deep: [[{ a: [null, true, 1.5, -0.25e-7] }]] },
      "404": {},
    };
    const position = await change(store, after);
    const found = contentOf((await loadAt(await another(), position)).records);
    const wanted = Object.entries(after).map(([id, content]) => [id, { version: 1, content }]);
    assert.deepEqual(found, Object.fromEntries(wanted));
  },

  "a change that could not be read again is refused before it is written": async ({ store, another }) => {
    const position = await change(store, { shop: OPEN });
    const draft = draftFrom(await store.load(), { shop: CLOSED });
    const spoils: readonly object[] = [
      { by: { kind: "program" } },
      { reason: "lone surrogate: \ud83d" },
      { reason: "NUL: \0" },
      { at: "yesterday" },
      { records: [{ id: "shop", seen: Number.NaN, before: null, after: "{}" }] },
      { records: [{ id: "shop", seen: 1, before: null, after: "no JSON" }] },
    ];
    for (const spoil of spoils) await assert.rejects(store.commit({ ...draft, ...spoil }), isMaintenanceError);
    assert.deepEqual(await loadAt(await another(), position), await store.load());
  },

  "an actor of a kind from a later release is kept": async ({ store, another }) => {
    const position = await change(store, { shop: OPEN });
    const draft = draftFrom(await store.load(), { shop: CLOSED });
    const by = { kind: "queue", label: "night run" } as const;
    const result = await store.commit(Object.assign(draft, { by }));
    assert.ok(result.ok);
    const other = await another();
    await loadAt(other, { ...position, version: 2 });
    assert.deepEqual((await other.history({ limit: 1 }))[0]?.by, by);
  },

  "two concurrent writers that change two sites both succeed": async ({ store, another }) => {
    if (!store.capabilities.compareAndSet) return;
    await change(store, { shop: OPEN, blog: OPEN });
    const other = await another();
    const state = await store.load();
    const results = await Promise.all([
      store.commit(draftFrom(state, { shop: CLOSED })),
      other.commit(draftFrom(state, { blog: CLOSED })),
    ]);
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, true],
    );
    const { records } = await loadAt(store, { lineage: state.lineage, version: 3 });
    assert.deepEqual(contentOf(records), {
      shop: { version: 2, content: CLOSED },
      blog: { version: 2, content: CLOSED },
    });
  },

  "of two concurrent writers that change one site, one succeeds": ({ store, another }) =>
    oneOfTwoWins(store, another, true),

  "of two concurrent first writers one succeeds": ({ store, another }) => oneOfTwoWins(store, another, false),

  "fifty concurrent writers, each trying again after a conflict, lose no change": async ({ store, another }) => {
    if (!store.capabilities.compareAndSet) return;
    const stores = [store, await another()];
    const increments = Array.from({ length: 50 }, (_, index) => increment(stores[index % 2] ?? store));
    await Promise.all(increments);
    const { lineage } = await store.load();
    const { records } = await loadAt(store, { lineage, version: 50 });
    assert.deepEqual(contentOf(records), { counter: { version: 50, content: { count: 50 } } });
  },
};

async function oneOfTwoWins(store: Store, another: () => Promise<Store>, written: boolean): Promise<void> {
  if (!store.capabilities.compareAndSet) return;
  if (written) await change(store, { shop: OPEN });
  const writers = [store, await another()];
  const state = await store.load();
  const modes = ["closed", "read-only"];
  const results = await Promise.all(
    writers.map((writer, index) => writer.commit(draftFrom(state, { shop: { mode: modes[index] } }))),
  );
  const winner = results.findIndex(({ ok }) => ok);
  assert.deepEqual(results.map(({ ok }) => ok).sort(), [false, true]);
  const { lineage } = await store.load();
  const { records } = await loadAt(store, { lineage, version: state.version + 1 });
  assert.deepEqual(contentOf(records).shop, { version: written ? 2 : 1, content: { mode: modes[winner] } });
}

async function increment(store: Store): Promise<void> {
  for (;;) {
    const state = await store.load();
    const counter = state.records.find(({ id }) => id === "counter");
    const count = counter === undefined ? 0 : JSON.parse(counter.text).count;
    const { ok } = await store.commit(draftFrom(state, { counter: { count: count + 1 } }));
    if (ok) return;
  }
}

function recordsAt({ version, records }: StateChange): readonly unknown[] {
  return [version, records];
}
