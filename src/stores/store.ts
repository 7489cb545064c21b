import type { Finding } from "../finding.ts";
import type { Actor } from "../state/actor.ts";
import type { Instant } from "../state/instant.ts";

/**
 * Where the state lives. A store knows nothing of what it holds beyond id, version and text.
 *
 * Failure: whatever cannot be done for the store's sake (not reached, refused, timed out, disk full) rejects with
 * `ERR_STORE_UNAVAILABLE` and the driver's error as `cause`. What is held but cannot be read as a document rejects
 * with `ERR_STATE_UNREADABLE`, or `ERR_STATE_TOO_NEW` when a later release has written it. A failure is never
 * returned as data, and an absent state is no failure: it is a document of version 0 without records.
 *
 * After `close()` every call rejects with `ERR_ALREADY_CLOSED`.
 */
export interface Store {
  /** Where it is, as an operator would name it, without secrets: `file /srv/app/.maintenance/state.json`. */
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  /** Of several places the one that it reads now, by name. Left out where there is only one. */
  readonly current?: string;
  /** The state as it is now: the whole of it, or, with `sites`, at least the records of those that have one. */
  load(options?: LoadOptions): Promise<StateDocument>;
  /**
   * What happened after `position`, oldest first; `"reload"` when that cannot be told: another lineage, a log that
   * does not reach back so far, an edit by hand. When nothing changed it costs next to nothing.
   */
  changesSince(position: Position, options?: StoreCallOptions): Promise<readonly StateChange[] | "reload">;
  /**
   * Writes all of `change` or none of it. `conflict` when a record is no longer at the version that the change saw,
   * or the lineage is no longer the same: nothing was written, read again. When the promise rejects, it may have been written:
   * read before you say so.
   */
  commit(change: ChangeDraft, options?: StoreCallOptions): Promise<CommitResult>;
  /** What was done, newest first. */
  history(query: HistoryQuery, options?: StoreCallOptions): Promise<readonly StateChange[]>;
  /**
   * Writes a whole state as it stands elsewhere: lineage, versions and history. All of it or nothing; `conflict` when the store is
   * no longer at `over`, which for a store that was never written is version 0 of the lineage "".
   */
  importState(content: StateContent, over: Position, options?: StoreCallOptions): Promise<CommitResult>;
  /** The numbered steps that make its tables. Left out where there are none. */
  readonly migrations?: StoreMigrations;
  /** What only the store can tell of its own health: permissions, durability, the clock of its server. Never rejects for what it finds. */
  examine?(options?: StoreCallOptions): Promise<readonly Finding[]>;
  /**
   * Calls `listener` soon after something may have changed. A hint to save waiting and nothing more: it may come twice,
   * late, for nothing or not at all. It comes once when the watch begins, since what changed before it did was not seen. Resolves when the signal aborts; rejects when it can no longer watch.
   */
  watch?(listener: () => void, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Idempotent. Closes only what the store has opened itself. */
  close(): Promise<void>;
}

export interface StoreCapabilities {
  /** Two writers at once cannot both win: one gets a conflict. */
  readonly compareAndSet: boolean;
  /** `strong`: a load sees every commit that has returned. `eventual`: it may see an older state for a while. */
  readonly readAfterWrite: "strong" | "eventual";
  /** It has `watch`. */
  readonly push: boolean;
  /** Other processes see the same state. */
  readonly shared: boolean;
  /** Each record is kept by itself: one that cannot be read says nothing of the others. */
  readonly separateRecords: boolean;
  /**
   * A state that is removed says that nothing is closed: a person removes the file. Left out: a state that is gone was lost, and gates
   * keep what they hold.
   */
  readonly opensWhenRemoved?: boolean;
}

export interface StoreCallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface LoadOptions extends StoreCallOptions {
  /** Ids. A store that keeps all records in one text may give more than these. */
  readonly sites?: readonly string[] | undefined;
}

/** A point in the life of a state. Ordered within one lineage only. */
export interface Position {
  /** Minted at random when the store is first written; a wiped or restored store gets another. Empty: never written. */
  readonly lineage: string;
  /** +1 for each accepted change. */
  readonly version: number;
}

export interface StoredRecord {
  readonly id: string;
  readonly version: number;
  /** JSON text of an object. */
  readonly text: string;
}

export interface StateDocument extends Position {
  /** Every record that is not the default. */
  readonly records: readonly StoredRecord[];
}

/** A state with its history, as one store hands it to another. */
export interface StateContent extends StateDocument {
  /** Newest first, as far back as it reaches. */
  readonly history: readonly StateChange[];
}

export interface StoreMigrations {
  /** Every step in order, and whether the database has taken it; last those of a later release, which are unknown here. */
  list(): Promise<readonly { readonly name: string; readonly applied: boolean; readonly unknown?: true }[]>;
  /** Takes the database to the step `to`, forwards or back; left out: the last. Idempotent, and safe when many processes start it at once. Resolves with what was done. */
  migrate(to?: string): Promise<readonly { readonly name: string; readonly direction: "up" | "down" }[]>;
  /** The SQL that `migrate` would run on an empty database, for those who review it or run it themselves. */
  print(to?: string): Promise<string>;
}

/** What one command did to one record. */
export interface RecordChange {
  readonly id: string;
  /** The version that the command saw; 0 when there was no record. */
  readonly seen: number;
  /** The text before; `null` when there was no record. */
  readonly before: string | null;
  /** The text after, stored at version `seen + 1`; `null` removes the record. */
  readonly after: string | null;
}

/** What one command did, before it is accepted: the unit of commit, of the feed and of the history. */
export interface ChangeDraft {
  /** The lineage that the command saw. */
  readonly lineage: string;
  /** The name of the command: `close`, `open`, `edit`. */
  readonly command: string;
  readonly records: readonly RecordChange[];
  readonly at: Instant;
  readonly by: Actor;
  readonly reason: string;
}

export interface StateChange extends ChangeDraft {
  /** The state's version once this change was accepted. */
  readonly version: number;
}

export type CommitResult =
  | { readonly ok: true; readonly position: Position }
  | { readonly ok: false; readonly reason: "conflict"; readonly current: Position };

export interface HistoryQuery {
  /** Only changes that touched this site. */
  readonly site?: string | undefined;
  /** Only changes below this version: the last version of the page before. */
  readonly before?: number | undefined;
  /** At most so many; 1 to 1,000. */
  readonly limit: number;
}
