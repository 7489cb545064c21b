import { isMaintenanceError, MaintenanceError, messageOf } from "../errors.ts";
import { ANY_HOST, parseHost } from "../rules/hosts/host.ts";
import type { Position, StateDocument } from "../stores/store.ts";
import { parseSiteRecord } from "./parse-site-record.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "./site-record.ts";

/** The whole state, parsed. The controller changes it, and gates compile it. */
export interface State extends Position {
  /** By id. A site without a record is open. */
  readonly records: ReadonlyMap<string, SiteRecord>;
  /** Stored records that cannot be read, by id. Empty if the store keeps all records in one text. */
  readonly unreadable: ReadonlyMap<string, MaintenanceError>;
  /** Records used in place of these by a process that has never read them: each is closed. */
  readonly closedInstead: ReadonlyMap<string, SiteRecord>;
}

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

const HOSTS = /"hosts"\s*:\s*\[([^\]]*)\]/;
const TEXT = /"((?:[^"\\]|\\.)*)"/g;

/**
 * Returns the record for a site whose stored record cannot be read and never could: it is closed. Its hosts are those found in the text;
 * if none is found or one cannot be read, also every host that belongs to no other site.
 */
export function closedRecord(id: string, text: string): SiteRecord {
  const closed: SiteRecord = { ...openRecord(id), mode: "closed" };
  if (id === ALL_SITES) return closed;
  const hosts = [...(HOSTS.exec(text)?.[1] ?? "").matchAll(TEXT)].flatMap(([, host = ""]) => readHost(host));
  return { ...closed, hosts: hosts.length === 0 ? [ANY_HOST] : hosts };
}

function readHost(text: string): readonly string[] {
  try {
    return [parseHost(text)];
  } catch (error) {
    if (!isMaintenanceError(error)) throw error;
    return [ANY_HOST];
  }
}
