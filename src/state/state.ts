import type { Position, StateDocument } from "../stores/store.ts";
import { parseSiteRecord } from "./parse-site-record.ts";
import type { SiteRecord } from "./site-record.ts";

/** The whole state, parsed: what a controller changes and a gate compiles. */
export interface State extends Position {
  /** By id. A site without a record is open. */
  readonly records: ReadonlyMap<string, SiteRecord>;
}

/** What holds when nothing was ever stored. */
export const EMPTY_STATE: State = { lineage: "", version: 0, records: new Map() };

/** All or nothing: throws `ERR_STATE_UNREADABLE` or `ERR_STATE_TOO_NEW` for the first record that is not in order. */
export function parseState(document: StateDocument): State {
  const records = new Map<string, SiteRecord>();
  for (const { id, version, text } of document.records) records.set(id, parseSiteRecord(id, version, text));
  return { lineage: document.lineage, version: document.version, records };
}
