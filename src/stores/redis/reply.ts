import { MaintenanceError } from "../../errors.ts";
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

/** Reads a list of alternating ids and rows. A row is a version, a space and the text. */
export function readRecords(reply: unknown): readonly StoredRecord[] {
  const list = readList(reply);
  return Array.from({ length: list.length / 2 }, (_, index) => {
    const row = readText(list[index * 2 + 1]);
    // A row that was edited by hand may have no version: the parser refuses that record alone.
    const [, version = "NaN", text = row] = /^(\d+) (.*)$/s.exec(row) ?? [];
    return { id: readText(list[index * 2]), version: Number(version), text };
  });
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
