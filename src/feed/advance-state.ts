import { parseSiteRecord } from "../state/parse-site-record.ts";
import { serializeSiteRecord } from "../state/serialize-site-record.ts";
import type { SiteRecord } from "../state/site-record.ts";
import { parseState, type State } from "../state/state.ts";
import type { StateChange, StateDocument } from "../stores/store.ts";

/** `state` after `changes`, oldest first; `null` when they do not follow on from it. Throws as `parseState` does. */
export function applyChanges(state: State, changes: readonly StateChange[]): State | null {
  const records = new Map(state.records);
  let { version } = state;
  for (const change of changes) {
    if (change.lineage !== state.lineage || change.version !== version + 1) return null;
    version = change.version;
    for (const { id, seen, after } of change.records) {
      if (after === null) records.delete(id);
      else records.set(id, parseSiteRecord(id, seen + 1, after));
    }
  }
  return { lineage: state.lineage, version, records };
}

/** A whole document, in which what did not change is the very object that `previous` holds. Throws as `parseState` does. */
export function replaceState(document: StateDocument, previous: State | null): State {
  const state = parseState(document);
  if (previous === null) return state;
  const records = new Map<string, SiteRecord>();
  for (const [id, record] of state.records) {
    const before = previous.records.get(id);
    records.set(id, before !== undefined && isSame(before, record) ? before : record);
  }
  return { ...state, records };
}

function isSame(a: SiteRecord, b: SiteRecord): boolean {
  return a.version === b.version && serializeSiteRecord(a) === serializeSiteRecord(b);
}
