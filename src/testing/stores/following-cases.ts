import assert from "node:assert/strict";
import type { StateChange, StoredRecord } from "../../stores/store.ts";
import { change, contentOf, draftFrom, loadAt, type StoreCases, type StoreSession, soon } from "./session.ts";

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

export const followingCases: StoreCases = {
  "nothing has changed since the position that was loaded": async ({ store }) => {
    assert.deepEqual(await store.changesSince({ lineage: "", version: 0 }), []);
    const position = await change(store, { shop: CLOSED });
    await loadAt(store, position);
    assert.deepEqual(await store.changesSince(position), []);
    assert.deepEqual(await store.changesSince(position), []);
  },

  "changes of another instance are returned oldest first, or as a reload": async ({ store, another }) => {
    const other = await another();
    const from = await change(other, { shop: CLOSED });
    await loadAt(store, from);
    await change(other, { blog: CLOSED });
    const to = await change(other, { shop: null, blog: OPEN });
    const { records } = await loadAt(other, to);
    await loadAt(store, to);
    const changes = await store.changesSince(from);
    if (changes === "reload") return;
    assert.deepEqual(
      changes.map(({ lineage, version }) => ({ lineage, version })),
      [2, 3].map((version) => ({ lineage: from.lineage, version })),
    );
    assert.deepEqual(parsed(changes[1]), {
      shop: { seen: 1, before: CLOSED, after: null },
      blog: { seen: 1, before: CLOSED, after: OPEN },
    });
    assert.deepEqual(contentOf(records), { blog: { version: 2, content: OPEN } });
  },

  "records that are taken in parts are those that are returned whole": async ({ store, another }) => {
    const other = await another();
    await change(other, { shop: CLOSED, blog: OPEN });
    const to = await change(other, { shop: null, docs: CLOSED });
    const whole = await loadAt(store, to);
    const taken = new Map<string, StoredRecord>();
    const document = await store.load({
      take: async (part) => {
        if (part === "again") return taken.clear();
        for (const { id, version, text } of part) {
          if (text === null) taken.delete(id);
          else taken.set(id, { id, version, text });
        }
      },
    });
    for (const record of document.records) taken.set(record.id, record);
    assert.deepEqual(contentOf([...taken.values()]), contentOf(whole.records));
  },

  "a position that never existed, or has another lineage, gets a reload": async ({ store }) => {
    const { lineage } = await change(store, { shop: CLOSED });
    assert.equal(await store.changesSince({ lineage, version: 7 }), "reload");
    assert.equal(await store.changesSince({ lineage: "another", version: 1 }), "reload");
    assert.equal(await store.changesSince({ lineage: "", version: 0 }), "reload");
  },

  "history is returned newest first, by site and in pages": async ({ store, another }) => {
    await change(store, { shop: CLOSED });
    await change(store, { blog: CLOSED });
    await change(store, { shop: OPEN, blog: OPEN });
    const last = await change(store, { blog: null });
    const other = await another();
    await loadAt(other, last);
    const versions = async (query: Parameters<typeof other.history>[0]): Promise<number[]> =>
      (await other.history(query)).map(({ version }) => version);
    assert.deepEqual(await versions({ limit: 10 }), [4, 3, 2, 1]);
    assert.deepEqual(await versions({ limit: 2 }), [4, 3]);
    assert.deepEqual(await versions({ limit: 2, before: 3 }), [2, 1]);
    assert.deepEqual(await versions({ limit: 10, site: "shop" }), [3, 1]);
    assert.deepEqual(await versions({ limit: 1, site: "shop", before: 3 }), [1]);
  },

  "history says who did what, when and why": async ({ store }) => {
    await change(store, { shop: CLOSED });
    await loadAt(store, await change(store, { shop: OPEN }));
    const [entry] = await store.history({ limit: 1 });
    assert.ok(entry);
    const { records: _records, lineage: _lineage, ...rest } = entry;
    assert.deepEqual(rest, {
      version: 2,
      command: "close",
      at: "2026-01-02T03:04:05Z",
      by: { kind: "program", label: "conformance", from: "localhost" },
      reason: "to see that it works",
    });
    assert.deepEqual(parsed(entry), { shop: { seen: 1, before: CLOSED, after: OPEN } });
  },

  "it has watch exactly if its capabilities say so": async ({ store }) => {
    assert.equal(store.watch !== undefined, store.capabilities.push);
  },

  "a watch notifies at once, and of another instance's commit, and ends with its signal": async ({
    store,
    another,
  }) => {
    if (store.watch === undefined) return;
    await change(store, { shop: CLOSED });
    const other = await another();
    const ending = new AbortController();
    let hear = (): void => {};
    const nextHint = (): Promise<void> => new Promise((resolve) => (hear = resolve));
    const first = nextHint();
    const watching = store.watch(() => hear(), { signal: ending.signal });
    await soon(Promise.race([first, watching]), "the first hint");
    const second = nextHint();
    await change(other, { shop: OPEN });
    await soon(Promise.race([second, watching]), "the hint after a commit");
    ending.abort();
    await soon(watching, "the end of the watch");
  },

  "a hint that carries changes carries what changesSince returns": async ({ store, another }) => {
    if (store.watch === undefined) return;
    const from = await change(store, { shop: CLOSED });
    const other = await another();
    await loadAt(other, from);
    await loadAt(store, from);
    const ending = new AbortController();
    let hear = (_changes?: readonly StateChange[]): void => {};
    const nextHint = (): Promise<readonly StateChange[] | undefined> => new Promise((resolve) => (hear = resolve));
    const first = nextHint();
    const watching = store.watch((changes) => hear(changes), { signal: ending.signal });
    await soon(Promise.race([first, watching]), "the first hint");
    const second = nextHint();
    const result = await other.commit(draftFrom(await other.load(), { shop: OPEN, blog: CLOSED }), { announce: true });
    const announced = await soon(Promise.race([second, watching]), "the hint after a commit");
    ending.abort();
    await soon(watching, "the end of the watch");
    assert.ok(result.ok);
    await loadAt(store, result.position);
    const changes = await store.changesSince(from);
    if (!announced || changes === "reload") return;
    assert.deepEqual(announced.map(comparable), changes.map(comparable));
  },
};

/** Only if the session can remove the state. */
export const wipeCases: StoreCases = {
  "a wiped state is absent, and the next change starts another lineage": async (session) => {
    const before = await change(session.store, { shop: CLOSED });
    await loadAt(session.store, before);
    await wiped(session);
    assert.equal(await session.store.changesSince(before), "reload");
    assert.equal((await session.store.load()).version, 0);
    const after = await change(session.store, { blog: CLOSED });
    assert.equal(after.version, 1);
    assert.notEqual(after.lineage, before.lineage);
    assert.equal(await session.store.changesSince(before), "reload");
    assert.deepEqual(contentOf((await loadAt(session.store, after)).records), {
      blog: { version: 1, content: CLOSED },
    });
  },
};

async function wiped(session: StoreSession): Promise<void> {
  assert.ok(session.wipe);
  await session.wipe();
}

/** The records of a change have no order, and texts no order of members. */
function comparable(entry: StateChange): object {
  const { records: _records, ...rest } = entry;
  return { ...rest, records: parsed(entry) };
}

function parsed(entry: StateChange | undefined): Record<string, unknown> {
  assert.ok(entry);
  const parse = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  return Object.fromEntries(
    entry.records.map(({ id, seen, before, after }) => [id, { seen, before: parse(before), after: parse(after) }]),
  );
}
