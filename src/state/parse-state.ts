import { MaintenanceError, messageOf } from "../errors.ts";
import type { StateDocument } from "../stores/store.ts";
import { closedRecord } from "./closed-record.ts";
import { parseSiteRecord } from "./parse-site-record.ts";
import type { SiteRecord } from "./site-record.ts";
import type { State } from "./state.ts";

/**
 * Parses a state. Throws `ERR_STATE_UNREADABLE` or `ERR_STATE_TOO_NEW` for the first invalid record; with `separateRecords`, only that
 * record is refused, and the others remain.
 */
export function parseState(document: StateDocument, separateRecords = false): State {
  const records = new Map<string, SiteRecord>();
  const unreadable = new Map<string, MaintenanceError>();
  const closedInstead = new Map<string, SiteRecord>();
  for (const { id, version, text } of document.records) {
    const record = readRecord(id, version, text, separateRecords);
    if (record instanceof MaintenanceError) {
      unreadable.set(id, record);
      closedInstead.set(id, closedRecord(id, text));
    } else records.set(id, record);
  }
  return { lineage: document.lineage, version: document.version, records, unreadable, closedInstead };
}

/** Returns the record; with `separateRecords`, the error if it cannot be read. Otherwise throws as `parseState` does. */
export function readRecord(
  id: string,
  version: number,
  text: string,
  separateRecords: boolean,
): SiteRecord | MaintenanceError {
  try {
    return parseSiteRecord(id, version, text);
  } catch (error) {
    if (!separateRecords) throw error;
    return error instanceof MaintenanceError ? error : new MaintenanceError("ERR_STATE_UNREADABLE", messageOf(error));
  }
}
