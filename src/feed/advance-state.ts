import { MaintenanceError } from "../errors.ts";
import { changedKeys, VersionedMap } from "../rules/versioned-map.ts";
import { serializeSiteRecord } from "../state/serialize-site-record.ts";
import type { SiteRecord } from "../state/site-record.ts";
import { closedRecord, parseState, readRecord, type State } from "../state/state.ts";
import type { StateChange, StateDocument } from "../stores/store.ts";

/**
 * Returns `state` after `changes`, oldest first; `null` if they do not follow it. With `separateRecords`, a record that cannot be read is
 * refused alone: its last readable version is kept, and a site without one is closed. Throws as `parseState` does.
 */
export function applyChanges(state: State, changes: readonly StateChange[], separateRecords: boolean): State | null {
  /** `null` if the record was removed. */
  const changed = new Map<string, SiteRecord | null>();
  const unreadable = new Map(state.unreadable);
  const closedInstead = new Map(state.closedInstead);
  let { version } = state;
  for (const change of changes) {
    if (change.lineage !== state.lineage || change.version !== version + 1) return null;
    version = change.version;
    for (const { id, seen, after } of change.records) {
      unreadable.delete(id);
      closedInstead.delete(id);
      if (after === null) {
        changed.set(id, null);
        continue;
      }
      const record = readRecord(id, seen + 1, after, separateRecords);
      if (!(record instanceof MaintenanceError)) {
        changed.set(id, record);
        continue;
      }
      const closed = closedRecord(id, after);
      unreadable.set(id, record);
      closedInstead.set(id, closed);
      const held = changed.has(id) ? changed.get(id) : state.records.get(id);
      if (!held) changed.set(id, closed);
    }
  }
  return { lineage: state.lineage, version, records: withChanged(state.records, changed), unreadable, closedInstead };
}

/** The cost depends on the number of changes, not of records. */
function withChanged(
  records: State["records"],
  changed: ReadonlyMap<string, SiteRecord | null>,
): VersionedMap<SiteRecord> {
  const held = records instanceof VersionedMap ? records : VersionedMap.of(records);
  const added = [...changed].flatMap(([id, record]) => (record === null ? [] : [[id, record] as const]));
  return held.with(changed.keys(), added);
}

/**
 * Returns `state` after the changes that a hint carried; `null` if there are none, or one does not follow on, cannot be read, or needs an
 * engine that may not be loaded. A store of the user's own may pass anything.
 */
export function applyHint(state: State, changes: unknown): State | null {
  if (!Array.isArray(changes) || changes.length === 0) return null;
  try {
    const needsEngine = changes.some(({ records }: StateChange) =>
      records.some(({ after }) => after?.includes('"re:')),
    );
    return needsEngine ? null : applyChanges(state, changes, false);
  } catch {
    return null;
  }
}

/** Returns whether both states have the same content. Costs little for versions of one state. */
export function isSameState(a: State, b: State): boolean {
  return (
    a.lineage === b.lineage &&
    a.version === b.version &&
    changedKeys(a.unreadable, b.unreadable).length === 0 &&
    changedKeys(a.records, b.records).every((id) => isSame(a.records.get(id), b.records.get(id)))
  );
}

/** Returns the state of a whole document. Unchanged records are the same objects as in `previous`. Throws as `parseState` does. */
export function replaceState(document: StateDocument, previous: State | null, separateRecords: boolean): State {
  const state = parseState(document, separateRecords);
  const records = new Map<string, SiteRecord>();
  for (const [id, record] of state.records) {
    const before = previous?.records.get(id);
    records.set(id, before !== undefined && isSame(before, record) ? before : record);
  }
  for (const [id, closed] of state.closedInstead) records.set(id, previous?.records.get(id) ?? closed);
  return { ...state, records: VersionedMap.of(records, previous?.records) };
}

function isSame(a: SiteRecord | undefined, b: SiteRecord | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.version === b.version && serializeSiteRecord(a) === serializeSiteRecord(b);
}
