import assert from "node:assert/strict";
import { isMaintenanceError } from "../../errors.ts";
import type { Store, StoreCallOptions } from "../../stores/store.ts";
import { change, draftFrom, type StoreCases, soon } from "./session.ts";

export const lifecycleCases: StoreCases = {
  "close is idempotent, and afterwards every call is refused": async ({ store }) => {
    const state = await store.load();
    await store.close();
    await store.close();
    for (const call of callsOf(store, state.lineage)) {
      await assert.rejects(call({}), (error) => isMaintenanceError(error, "ERR_ALREADY_CLOSED"));
    }
  },

  "close ends the watch": async ({ store }) => {
    if (store.watch === undefined) return;
    const watching = store.watch(() => {}, { signal: new AbortController().signal });
    const ended = assert.rejects(watching, (error) => isMaintenanceError(error, "ERR_ALREADY_CLOSED"));
    await store.close();
    await soon(ended, "the end of the watch");
  },

  "a call whose signal has aborted rejects with its reason and does nothing": async ({ store }) => {
    const position = await change(store, { shop: { mode: "closed" } });
    const reason = new Error("no longer wanted");
    for (const call of callsOf(store, position.lineage)) {
      await assert.rejects(call({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
    }
    assert.equal((await store.load()).version, position.version);
  },
};

function callsOf(store: Store, lineage: string): readonly ((options: StoreCallOptions) => Promise<unknown>)[] {
  const position = { lineage, version: 1 };
  return [
    (options) => store.load(options),
    (options) => store.changesSince(position, options),
    (options) => store.history({ limit: 1 }, options),
    (options) => store.importState({ lineage: "another", version: 9, records: [], history: [] }, position, options),
    (options) => store.commit(draftFrom({ ...position, records: [] }, { blog: { mode: "closed" } }), options),
  ];
}
