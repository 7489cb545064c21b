import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChangeDraft, Position, StateDocument, Store, StoredRecord } from "../../stores/store.ts";

/** What one case of the store conformance suite works on: a state that was never written. */
export interface StoreSession {
  readonly store: Store;
  /** Opens a second instance over the same state; for a store that is not shared, `store` itself. */
  another(): Promise<Store>;
  /** Removes the state behind the store's back. */
  wipe?(): Promise<void>;
  /** Copies the state behind the store's back, and resolves with what puts that copy in the place of the state. */
  backup?(): Promise<() => Promise<void>>;
  /** Closes whatever was opened and removes the state. Called once, also after a failure. */
  dispose(): Promise<void>;
}

export type StoreCases = Readonly<Record<string, (session: StoreSession) => Promise<void>>>;

/** Real milliseconds after which something that should happen soon has not happened. */
const PATIENCE = 10_000;

/** What a command would commit that saw `state`: by site, the content after, or `null` to remove it. */
export function draftFrom(
  state: StateDocument,
  after: Readonly<Record<string, object | null>>,
  command = "close",
): ChangeDraft {
  const records = Object.entries(after).map(([id, content]) => {
    const record = state.records.find((candidate) => candidate.id === id);
    const text = content === null ? null : JSON.stringify(content);
    return { id, seen: record?.version ?? 0, before: record?.text ?? null, after: text };
  });
  const by = { kind: "program", label: "conformance", from: "localhost" } as const;
  return { lineage: state.lineage, command, records, at: "2026-01-02T03:04:05Z", by, reason: "to see that it works" };
}

/** Loads, commits and expects no conflict. */
export async function change(store: Store, after: Readonly<Record<string, object | null>>): Promise<Position> {
  const result = await store.commit(draftFrom(await store.load(), after));
  assert.ok(result.ok, "a conflict without another writer");
  return result.position;
}

/** The state once it is at `position`: at once where reading is strong. */
export async function loadAt(store: Store, position: Position): Promise<StateDocument> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const state = await store.load();
    const arrived = state.lineage === position.lineage && state.version >= position.version;
    if (arrived || store.capabilities.readAfterWrite === "strong" || Date.now() > deadline) {
      assert.deepEqual(
        { lineage: state.lineage, version: state.version },
        { lineage: position.lineage, version: position.version },
      );
      return state;
    }
    await sleep(20);
  }
}

/** By id: the version and the content. Texts may differ in the order of their keys. */
export function contentOf(records: readonly StoredRecord[]): Record<string, unknown> {
  return Object.fromEntries(records.map(({ id, version, text }) => [id, { version, content: JSON.parse(text) }]));
}

/** Rejects when `promise` takes longer than anything of its kind should. */
export async function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  const patience = new AbortController();
  const late = sleep(PATIENCE, undefined, { signal: patience.signal }).then(() => {
    throw new assert.AssertionError({ message: `${what} took longer than ${PATIENCE} ms` });
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    patience.abort();
    late.catch(() => {});
  }
}
