import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChangeDraft, Position, StateDocument, Store, StoredRecord } from "../../stores/store.ts";

/** The context of one case of the store conformance suite: a state that was never written. */
export interface StoreSession {
  readonly store: Store;
  /** Opens a second instance over the same state; for a store that is not shared, `store` itself. */
  another(): Promise<Store>;
  /** Removes the state without using the store. */
  wipe?(): Promise<void>;
  /** Copies the state without using the store, and resolves with a function that restores the copy. */
  backup?(): Promise<() => Promise<void>>;
  /** Removes the list of processes, and leaves the state, without using the store. */
  wipeMembers?(): Promise<void>;
  /** Overwrites the row of a member with a text that is not JSON, without using the store. */
  damageMember?(id: string): Promise<void>;
  /** Closes everything that was opened and removes the state. Called once, also after a failure. */
  dispose(): Promise<void>;
}

export type StoreCases = Readonly<Record<string, (session: StoreSession) => Promise<void>>>;

/** Milliseconds of real time after which an expected event counts as missing. */
const PATIENCE = 10_000;

/** Returns the draft of a command that has read `state`: the new content by site, or `null` to remove the record. */
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

/** Loads, commits and expects success. */
export async function change(store: Store, after: Readonly<Record<string, object | null>>): Promise<Position> {
  const result = await store.commit(draftFrom(await store.load(), after));
  assert.ok(result.ok, "a conflict without another writer");
  return result.position;
}

/** Returns the state once it has reached `position`: at once if reads are strong. */
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

/** Returns version and content by id. Texts may differ in the order of their keys. */
export function contentOf(records: readonly StoredRecord[]): Record<string, unknown> {
  return Object.fromEntries(records.map(({ id, version, text }) => [id, { version, content: JSON.parse(text) }]));
}

/** Rejects if `promise` takes longer than expected. */
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
