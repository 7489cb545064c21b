/**
 * The list of the processes that follow a state, and of the barriers that bind them. It is kept beside the state and is never a part of
 * it: it changes no version of the state, no commit conflicts with it, and `importState` leaves it as it is.
 *
 * A list knows ids, sequence numbers and texts, and never what a text means. Every method is linearizable: it sees everything that an
 * earlier call has returned, in every process. Errors are those of a store.
 */
export interface MemberList {
  /**
   * Each call is charged for, as those of object storage are: rows are renewed every five minutes, and leases take six times as long.
   * @default false
   */
  readonly isSlow?: boolean;
  /**
   * Adds a row. It is in the list when this resolves: a state that is loaded afterwards contains every change that was accepted before
   * any listing without the row.
   *
   * Rejects with `ERR_CONFLICT` if there is a row with this id.
   */
  join(member: MemberText, options?: MemberCallOptions): Promise<Membership>;
  /**
   * Replaces the text of a row that is still at `held.seq`, and adds 1 to its number. If it rejects, the row may have been replaced or not:
   * the same call again returns the same result.
   */
  renew(member: MemberText, held: HeldRow, options?: MemberCallOptions): Promise<Membership | NoMember>;
  /** Removes a row that is still at `seq`, evicted or not. Idempotent. */
  leave(id: string, seq: number, options?: MemberCallOptions): Promise<void>;
  /** Returns every row and every barrier. */
  list(options?: MemberCallOptions): Promise<MemberListing>;
  /** Marks a row that is still at `seq` as evicted: it can no longer be renewed. `by` is the id of a barrier, or a reason. */
  evict(id: string, seq: number, by: string, options?: MemberCallOptions): Promise<"ok" | "conflict">;
  /**
   * Adds a barrier with `seen: null`, or replaces the one at the number `seen`. Adding one raises the epoch. Returns `ok: false` with the
   * barriers that are in the way: another one with one of its targets, or its own at another number; an empty list if it is gone.
   */
  setBarrier(barrier: BarrierText, seen: number | null, options?: MemberCallOptions): Promise<BarrierResult>;
  /** Removes a barrier at the number `seen`, and raises the epoch. Returns as `setBarrier` does. */
  removeBarrier(id: string, seen: number, options?: MemberCallOptions): Promise<BarrierResult>;
  /**
   * Waits, for about a second, until the replicas have confirmed everything that was written before. Left out by a store that does not
   * know of replicas which may lose an accepted write.
   */
  replicated?(options?: MemberCallOptions): Promise<Replication>;
}

/** The replicas of a store. */
export interface Replication {
  readonly replicas: number;
  /** How many of them have confirmed it. */
  readonly confirmed: number;
}

/** The options of every call of a list. */
export interface MemberCallOptions {
  /** Aborts the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A row as a member writes it. */
export interface MemberText {
  /** Random: one for each start of a gate. */
  readonly id: string;
  /** JSON of an object. */
  readonly text: string;
}

/** The row of a member that is not evicted, as its own calls know it. */
export interface HeldRow {
  /** The list that the member has joined. */
  readonly list: string;
  readonly seq: number;
}

/** The answer to a member that is in the list. */
export interface Membership extends HeldRow {
  readonly ok: true;
  /** Number of barriers that were ever added or removed. */
  readonly epoch: number;
  readonly barriers: readonly Barrier[];
  /** Time of the store's own clock, in epoch milliseconds; `null` if the store has none. */
  readonly now: number | null;
}

/** The answer to a member that is not in the list: it joins again, with a new id. */
export interface NoMember {
  readonly ok: false;
  readonly reason: "unknown" | "evicted";
}

/** A barrier as its coordinator writes it. */
export interface BarrierText {
  readonly id: string;
  /** Ids of sites. `*` is in the way of every other target. At least one. */
  readonly targets: readonly string[];
  /** JSON of an object. */
  readonly text: string;
}

/** A barrier in the list. */
export interface Barrier extends BarrierText {
  /** 1 for a new barrier; each replacement adds 1. */
  readonly seq: number;
  /** The epoch that began with it. */
  readonly epoch: number;
}

export type BarrierResult =
  | { readonly ok: true; readonly epoch: number; readonly seq: number }
  | { readonly ok: false; readonly held: readonly Barrier[] };

/** A row in the list. */
export interface StoredMember extends MemberText {
  /** 1 for a new row; each renewal and the eviction add 1. */
  readonly seq: number;
  /** The `by` of `evict`, or `null`. */
  readonly evicted: string | null;
  /** Milliseconds since it was last written, by the store's own clock; `null` if the store has none. */
  readonly age: number | null;
}

/** The list as of one moment. */
export interface MemberListing {
  /** Random, created with the first row or barrier; a list that was wiped gets a new one. Empty if nothing was ever written. */
  readonly list: string;
  /** Milliseconds since the list was created, by the store's own clock, or fewer; 0 if nothing was ever written. */
  readonly age: number;
  readonly epoch: number;
  readonly rows: readonly StoredMember[];
  readonly barriers: readonly Barrier[];
}
