import type { Finding } from "../finding.ts";
import type { Actor } from "../state/actor.ts";
import type { Instant } from "../state/instant.ts";
import type { MemberList } from "./members.ts";

/**
 * The place where the state lives. A store knows ids, versions and texts, and never what a text means.
 *
 * Errors: a call that cannot reach its place, is refused, times out or finds the disk full rejects with `ERR_STORE_UNAVAILABLE` and
 * the driver's error as `cause`. A call that finds content which is no state rejects with `ERR_STATE_UNREADABLE`, or with
 * `ERR_STATE_TOO_NEW` if a later release has written it. Failures are never returned as data. A state that was never written is no
 * failure: it is a document of version 0 without records. A call whose `signal` aborts rejects with the signal's reason. After
 * `close()`, every call rejects with `ERR_ALREADY_CLOSED`.
 *
 * `storeConformance` of `maintenance-mode/testing` checks all of this.
 * @example
 * import type { Store } from "maintenance-mode";
 * import { memoryStore } from "maintenance-mode/stores/memory";
 *
 * // A store around another one: it logs each change.
 * function loggedStore(inner: Store): Store {
 *   return {
 *     ...inner,
 *     name: `${inner.name}, logged`,
 *     async commit(change, options) {
 *       const result = await inner.commit(change, options);
 *       console.log(change.command, result.ok ? `version ${result.position.version}` : result.reason);
 *       return result;
 *     },
 *   };
 * }
 *
 * export default { store: loggedStore(memoryStore()) };
 */
export interface Store {
  /** Name of the place for operators, without secrets: `file /srv/app/.maintenance/state.json`. */
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  /** Name of the member that answered last, for a store over several places. */
  readonly current?: string;
  /**
   * Returns the state as of one moment: all records, or with `sites` at least the records of those sites.
   *
   * Rejects with `ERR_STATE_UNREADABLE` or `ERR_STATE_TOO_NEW` if the content as a whole cannot be read.
   */
  load(options?: LoadOptions): Promise<StateDocument>;
  /**
   * Returns the changes after `position`, oldest first; an empty list if there are none. Returns `"reload"` if the store cannot know
   * them: the lineage differs, the log does not reach back that far, or the content was edited by hand. Each gate calls this on every
   * poll, so it must be cheap if nothing has changed.
   */
  changesSince(position: Position, options?: StoreCallOptions): Promise<readonly StateChange[] | "reload">;
  /**
   * Writes all of `change`, or none of it. Returns the new position, or a `conflict` if a record is no longer at the version `seen`, or
   * the lineage has changed; the caller then loads and applies its command again.
   *
   * Rejects with `ERR_STATE_UNREADABLE` a change that could not be read again: call `requireReadableChange` before writing it. If it
   * rejects for another reason, the change may have been written or not: the caller loads the state to find out.
   */
  commit(change: ChangeDraft, options?: CommitOptions): Promise<CommitResult>;
  /** Returns accepted changes, newest first; an empty list if there are none. */
  history(query: HistoryQuery, options?: StoreCallOptions): Promise<readonly StateChange[]>;
  /**
   * Replaces the whole state with `content` from another store, including its lineage, versions and history. Writes all of it, or none.
   * Returns a `conflict` if the store is no longer at `over`; a store that was never written is at version 0 of the lineage `""`.
   *
   * Rejects with `ERR_STATE_UNREADABLE` content that could not be read again: call `requireReadableContent` before writing it. If it
   * rejects for another reason, the content may have been written or not.
   */
  importState(content: StateContent, over: Position, options?: StoreCallOptions): Promise<CommitResult>;
  /** The numbered steps that create the tables. Absent if the store has no tables. */
  readonly migrations?: StoreMigrations;
  /**
   * Returns findings that only the store can know, such as permissions, durability or the clock of its server. It never rejects because
   * of what it finds: an unreachable server is a finding too.
   */
  examine?(options?: StoreCallOptions): Promise<readonly Finding[]>;
  /**
   * Calls `listener` soon after the state may have changed. The call is only a hint that makes polling faster: it may come twice, late,
   * without a change, or not at all. Called once when the watch starts, to catch changes made before it.
   *
   * A hint may carry changes, in the form that `changesSince` returns. A gate applies them at once if they follow on from its position,
   * and reads the store in any case: that read confirms or corrects them. Pass only changes that come from a writer of the state.
   *
   * Resolves when the signal aborts. Rejects if the store can no longer watch, and with `ERR_ALREADY_CLOSED` when the store is closed; the
   * gate keeps polling.
   */
  watch?(listener: HintListener, options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * The processes that follow this state. Absent if the store cannot keep such a list: then no command can say which processes have
   * applied a change, and barriers are refused.
   */
  readonly members?: MemberList;
  /** Releases what the store has opened, and nothing that the user has passed in. Idempotent. */
  close(): Promise<void>;
}

/** Takes a hint that the state may have changed, with the changes if the hint carries them. */
export type HintListener = (changes?: readonly StateChange[]) => void;

/** The guarantees of a store. */
export interface StoreCapabilities {
  /** Of two concurrent writers of the same record only one succeeds; the other gets a conflict. */
  readonly compareAndSet: boolean;
  /** `strong`: a load sees every commit that has returned. `eventual`: it may return an older state for a while. */
  readonly readAfterWrite: "strong" | "eventual";
  /** The store has `watch`. */
  readonly push: boolean;
  /** Other processes can use the same state. */
  readonly shared: boolean;
  /** Records are stored separately: one that cannot be read does not affect the others. */
  readonly separateRecords: boolean;
  /**
   * A removed state means that everything is open, as when an operator deletes the file. Otherwise a missing state counts as lost, and
   * gates keep the last one.
   * @default false
   */
  readonly opensWhenRemoved?: boolean;
}

/** The options of every call of a store. */
export interface StoreCallOptions {
  /** Aborts the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The options of `load`. */
export interface LoadOptions extends StoreCallOptions {
  /**
   * Ids of sites. A store that keeps all records in one text may return more than these.
   * @default every site
   */
  readonly sites?: readonly string[] | undefined;
  /**
   * Takes the records in parts while they are read, so that 100,000 of them need not be in memory at once; the document then has none.
   * The store waits for each part to be taken. A part applies after those before it, and `"again"` voids them: the store starts again.
   * A store may ignore it, and return all records at the end.
   * @default all records are returned at the end
   */
  readonly take?: ((part: readonly PartRecord[] | "again") => Promise<void>) | undefined;
}

/** A record in a part of a state; with the text `null`, one that was removed while the state was read. */
export interface PartRecord extends Omit<StoredRecord, "text"> {
  readonly text: string | null;
}

/** The options of `commit`. */
export interface CommitOptions extends StoreCallOptions {
  /**
   * The change contains no secrets: hints may carry it, where other clients of the same server may be able to listen.
   * @default false
   */
  readonly announce?: boolean | undefined;
}

/** A version of the state. Positions can be compared only within one lineage. */
export interface Position {
  /** A random text, created with the first change. A store that was wiped gets a new one. Empty if nothing was ever written. */
  readonly lineage: string;
  /** Number of accepted changes; each change adds 1. */
  readonly version: number;
}

/** The record of a site as a store holds it. */
export interface StoredRecord {
  readonly id: string;
  /** 1 for a new record; each change adds 1. */
  readonly version: number;
  /** JSON of an object. */
  readonly text: string;
}

/** The state as a store holds it. */
export interface StateDocument extends Position {
  /** Every site whose record is not the default. */
  readonly records: readonly StoredRecord[];
}

/** A state with its history, for a copy in another store. */
export interface StateContent extends StateDocument {
  /** Newest first, as far back as the log reaches. */
  readonly history: readonly StateChange[];
}

/** The migrations of a store with tables. */
export interface StoreMigrations {
  /** Returns every step in order, then the steps of a later release that the database has and this release does not know. */
  list(): Promise<readonly { readonly name: string; readonly applied: boolean; readonly unknown?: true }[]>;
  /**
   * Takes the database forwards or backwards to the step `to`, by default the last, and returns the steps that ran. Idempotent, and safe
   * if many processes start it at once.
   *
   * Rejects with `ERR_INVALID_OPTION` for a name that is no step, and with `ERR_STATE_TOO_NEW` if a later release has migrated the
   * database.
   */
  migrate(to?: string): Promise<readonly { readonly name: string; readonly direction: "up" | "down" }[]>;
  /** Returns the SQL that `migrate` would run on an empty database, to review it or to run it by hand. Needs no connection. */
  print(to?: string): Promise<string>;
}

/** The effect of one command on one record. */
export interface RecordChange {
  readonly id: string;
  /** The version that the command has read; 0 if there was no record. */
  readonly seen: number;
  /** The text before; `null` if there was no record. */
  readonly before: string | null;
  /** The text after, stored as version `seen + 1`; `null` removes the record. */
  readonly after: string | null;
}

/** The effect of one command before it is accepted: the unit of commits, of the feed and of the history. */
export interface ChangeDraft {
  /** The lineage that the command has read. */
  readonly lineage: string;
  /** Name of the command: `close`, `open`, `edit`. */
  readonly command: string;
  readonly records: readonly RecordChange[];
  /** When the command was given. */
  readonly at: Instant;
  readonly by: Actor;
  /** Empty if no reason was given. */
  readonly reason: string;
}

/** An accepted change. */
export interface StateChange extends ChangeDraft {
  /** Version of the state after this change. */
  readonly version: number;
}

export type CommitResult =
  | { readonly ok: true; readonly position: Position }
  | { readonly ok: false; readonly reason: "conflict"; readonly current: Position };

/** Selects changes of the history. */
export interface HistoryQuery {
  /**
   * Only changes of this site.
   * @default all sites
   */
  readonly site?: string | undefined;
  /**
   * Only changes below this version. For the next page, pass the last version of the page before.
   * @default the newest change and all before it
   */
  readonly before?: number | undefined;
  /** Maximum number of changes, 1 to 1,000. */
  readonly limit: number;
}
