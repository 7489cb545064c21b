import assert from "node:assert/strict";
import { change, contentOf, loadAt, type StoreCases, type StoreSession } from "./session.ts";

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

/** Only where the harness can put a state back from a backup. */
export const backupCases: StoreCases = {
  "a state that was put back from a backup is noticed, and the lost change does not win": async (session) => {
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

  "other changes under the versions of lost ones are told to whoever holds those": async (session) => {
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

  "after a backup was put back changes are accepted as before": async (session) => {
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

async function backedUp(session: StoreSession): Promise<() => Promise<void>> {
  assert.ok(session.backup);
  return session.backup();
}
