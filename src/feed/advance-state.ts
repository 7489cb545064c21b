import { MaintenanceError } from "../errors.ts";
import { VersionedMap } from "../rules/versioned-map.ts";
import { serializeSiteRecord } from "../state/serialize-site-record.ts";
import { openRecord, type SiteRecord } from "../state/site-record.ts";
import { parseState, readRecord, type State } from "../state/state.ts";
import type { StateChange, StateDocument } from "../stores/store.ts";

export interface ReadOptions {
  /** Each record stands for itself: one that cannot be read is refused, and what was held of it holds. */
  readonly separateRecords: boolean;
  /** What counts for a record that can't be read and never could. */
  readonly whenNeverLoaded: "open" | "closed";
}

/** `state` after `changes`, oldest first; `null` when they do not follow on from it. Throws as `parseState` does. */
export function applyChanges(state: State, changes: readonly StateChange[], options: ReadOptions): State | null {
  /** `null`: removed. */
  const changed = new Map<string, SiteRecord | null>();
  const unreadable = new Map(state.unreadable);
  let { version } = state;
  for (const change of changes) {
    if (change.lineage !== state.lineage || change.version !== version + 1) return null;
    version = change.version;
    for (const { id, seen, after } of change.records) {
      unreadable.delete(id);
      if (after === null) {
        changed.set(id, null);
        continue;
      }
      const record = readRecord(id, seen + 1, after, options.separateRecords);
      if (!(record instanceof MaintenanceError)) {
        changed.set(id, record);
        continue;
      }
      unreadable.set(id, record);
      const held = changed.has(id) ? changed.get(id) : state.records.get(id);
      if (!held && options.whenNeverLoaded === "closed") changed.set(id, closedRecord(id));
    }
  }
  return { lineage: state.lineage, version, records: withChanged(state.records, changed), unreadable };
}

/** Costs what changed, and not what is held. */
function withChanged(
  records: State["records"],
  changed: ReadonlyMap<string, SiteRecord | null>,
): VersionedMap<SiteRecord> {
  const held = records instanceof VersionedMap ? records : VersionedMap.of(records);
  const added = [...changed].flatMap(([id, record]) => (record === null ? [] : [[id, record] as const]));
  return held.with(changed.keys(), added);
}

/** A whole document, in which what did not change is the very object that `previous` holds. Throws as `parseState` does. */
export function replaceState(document: StateDocument, previous: State | null, options: ReadOptions): State {
  const state = parseState(document, options.separateRecords);
  const records = new Map<string, SiteRecord>();
  for (const [id, record] of state.records) {
    const before = previous?.records.get(id);
    records.set(id, before !== undefined && isSame(before, record) ? before : record);
  }
  for (const id of state.unreadable.keys()) {
    const kept = previous?.records.get(id) ?? (options.whenNeverLoaded === "closed" ? closedRecord(id) : null);
    if (kept !== null) records.set(id, kept);
  }
  return { ...state, records: VersionedMap.of(records, previous?.records) };
}

function closedRecord(id: string): SiteRecord {
  return { ...openRecord(id), mode: "closed" };
}

function isSame(a: SiteRecord, b: SiteRecord): boolean {
  return a.version === b.version && serializeSiteRecord(a) === serializeSiteRecord(b);
}
