import { MaintenanceError } from "../../errors.ts";
import { inTurns, nextTurn } from "../../turn.ts";
import { parseChange } from "../log/change.ts";
import type { LogEntry } from "../log/log.ts";
import type { StoredRecord } from "../store.ts";

/** Parses the replies of the scripts. Throws `ERR_STATE_UNREADABLE` for a reply that does not fit: the keys may have been edited by hand. */

export function readList(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unreadable("there is no list where one belongs");
  return reply;
}

export function readText(reply: unknown): string {
  if (typeof reply !== "string") throw unreadable("there is no text where one belongs");
  return reply;
}

export function readVersion(reply: unknown): number {
  const version = Number(reply);
  if (!Number.isSafeInteger(version) || version < 1) throw unreadable(`'${String(reply)}' is not a version`);
  return version;
}

/** Reads a list of alternating ids and rows, in slices. A row is a version, a space and the text. */
export async function readRecords(reply: unknown): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  let id: string | null = null;
  for await (const slice of inTurns(readList(reply), () => 1, { nextTurn })) {
    for (const item of slice) {
      const text = readText(item);
      if (id !== null) records.push(readRow(id, text));
      id = id === null ? text : null;
    }
  }
  return records;
}

/** A row that was edited by hand may have no version: the parser refuses that record alone. */
function readRow(id: string, row: string): StoredRecord {
  const [, version = "NaN", text = row] = /^(\d+) (.*)$/s.exec(row) ?? [];
  return { id, version: Number(version), text };
}

/** Reads entries of a stream: an id, then alternating names and values. */
export function readEntries(reply: unknown): readonly LogEntry[] {
  return readList(reply).map((entry) => {
    const [id, fields] = readList(entry);
    const version = readVersion(readText(id).replace(/-0$/, ""));
    const [, stamp, , change] = readList(fields);
    return { ...parseChange(readText(change), `The change ${version}`), version, stamp: readText(stamp) };
  });
}

export function writeRow(version: number, text: string): string {
  return `${version} ${text}`;
}

function unreadable(what: string): MaintenanceError {
  const hint = "Check the keys listed in docs/stores-redis.md of this package, and undo manual changes.";
  return new MaintenanceError("ERR_STATE_UNREADABLE", `The state in Redis cannot be read: ${what}.`, { hint });
}
