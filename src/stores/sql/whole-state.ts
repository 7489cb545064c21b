import { inTurns, nextTurn } from "../../turn.ts";
import type { LogTail } from "../log/log.ts";
import type { LogHead } from "../log/view.ts";
import type { LoadOptions, PartRecord, StoredRecord } from "../store.ts";
import type { StateRow } from "./read.ts";

export interface SqlState {
  readonly head: LogHead | null;
  readonly records: readonly StoredRecord[];
}

/** The reads of one database; each is one statement. */
export interface StateReads {
  /** The head and the first `most` records; without `most`, all of them. */
  first(most?: number): Promise<readonly StateRow[]>;
  page(after: string, most: number): Promise<readonly StateRow[]>;
  tail(version: number): Promise<LogTail>;
}

/** Attempts to read in pages while more is changed than the log keeps. After them, one statement reads everything. */
const ATTEMPTS = 3;

/**
 * Reads the whole state in pages, and passes each to `take`. The changes made meanwhile are the last part, so that the state is that of
 * one moment.
 */
export async function readInPages(
  { first, page, tail }: StateReads,
  take: NonNullable<LoadOptions["take"]>,
  size: number,
): Promise<SqlState> {
  for (let attempts = 0; attempts < ATTEMPTS; attempts += 1) {
    const begun = await toState(await first(size));
    if (begun.head === null || begun.records.length < size) return begun;
    // From the start: only a page on its own is certain to be in the order of the ids.
    for (let rows = await page("", size); rows.length > 0; ) {
      const last = rows.at(-1);
      // A server reads the next page meanwhile.
      const next = last === undefined || rows.length < size ? [] : page(last.id, size);
      [, rows] = await Promise.all([take(rows.map(toRecord)), next]);
    }
    const { head, changed } = after(begun.head, await tail(begun.head.version));
    if (head !== null) {
      await take(changed);
      return { head, records: [] };
    }
    await take("again");
  }
  return toState(await first());
}

/** As `readInPages`, for a caller that wants all records at the end. */
export async function collectPages(reads: StateReads, size: number): Promise<SqlState> {
  const records = new Map<string, StoredRecord>();
  const take: LoadOptions["take"] = async (part) => {
    if (part === "again") records.clear();
    else {
      for (const { id, version, text } of part) {
        if (text === null) records.delete(id);
        else records.set(id, { id, version, text });
      }
    }
    await nextTurn();
  };
  const state = await readInPages(reads, take, size);
  return state.records.length > 0 ? state : { head: state.head, records: [...records.values()] };
}

/** Converts the rows of one statement. */
export async function toState(rows: readonly StateRow[]): Promise<SqlState> {
  const records: StoredRecord[] = [];
  let head: LogHead | null = null;
  for await (const slice of inTurns(rows, () => 1, { nextTurn })) {
    for (const row of slice) {
      if (Number(row.is_head) === 1) head = { lineage: row.id, version: Number(row.version), stamp: row.text };
      else records.push(toRecord(row));
    }
  }
  return { head, records };
}

function toRecord({ id, version, text }: StateRow): StoredRecord {
  return { id, version: Number(version), text };
}

/** Returns the records that were changed after `head`, and the new head; `null` if they are not known. */
function after(
  head: LogHead,
  { stamp, entries }: LogTail,
): { readonly head: LogHead | null; readonly changed: readonly PartRecord[] } {
  const follows = stamp === head.stamp && entries !== "many";
  if (!follows || !entries.every((entry, index) => entry.version === head.version + index + 1)) {
    return { head: null, changed: [] };
  }
  const { version, stamp: newest } = entries.at(-1) ?? head;
  const changes = entries.flatMap((entry) => entry.records);
  const changed = changes.map(({ id, seen, after: text }) => ({ id, version: seen + 1, text }));
  return { head: { ...head, version, stamp: newest }, changed };
}
