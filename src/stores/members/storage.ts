import type { Replication } from "../members.ts";

/**
 * A place that keeps one text per key with a number of its own. Every method is linearizable per key, and rejects as the methods of a store
 * do. Keys match `[a-z0-9-]+`, and have at most 60 characters.
 */
export interface MemberStorage {
  /**
   * Writes `text` with the number `seen + 1` if the key has the number `seen`; 0 stands for a key that does not exist. Returns whether it was
   * written. `isRenewal` allows a write to be lost if the server crashes.
   */
  put(key: string, text: string, seen: number, options: PutOptions): Promise<boolean>;
  /** Removes the key if it has the number `seen`. Returns whether it was removed. */
  remove(key: string, seen: number, signal?: AbortSignal): Promise<boolean>;
  /** Returns the entries of `keys` that exist, or all entries, and the time of the store. */
  read(keys: readonly string[] | "all", signal?: AbortSignal): Promise<MemberEntries>;
  /** As `MemberList.replicated`. */
  replicated?(signal?: AbortSignal): Promise<Replication>;
}

export interface PutOptions {
  readonly isRenewal: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface MemberEntries {
  readonly entries: readonly MemberEntry[];
  /** Time of the store's own clock, in epoch milliseconds; `null` if it has none. It may be earlier, never later. */
  readonly now: number | null;
}

export interface MemberEntry {
  readonly key: string;
  readonly seq: number;
  readonly text: string;
  /** When the store has written it, by the same clock as `now`; `null` if it has none. */
  readonly written: number | null;
}
