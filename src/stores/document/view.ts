import type { Position, StateChange, StateDocument, StoredRecord } from "../store.ts";
import type { DocumentContent, HistoryEntry, UnreadableEntry } from "./format.ts";

/**
 * The state that a store has last read from its document. Within one generation of a view a position identifies one content. This is why
 * two gates can share a store, each asking for the changes after its own position.
 */
export interface DocumentView extends StateDocument {
  /** Tag of the storage; `null` if there was no text. */
  readonly tag: string | null;
  readonly content: DocumentContent;
  /** The changes up to this state, oldest first. Each is known to follow from the one before. */
  readonly steps: readonly StateChange[];
}

export const NO_CONTENT: DocumentContent = { lineage: "", version: 0, records: [], history: [] };

/** Lineage of a document that was written by hand and has none. */
const EDITED = "edited";

const MAX_HISTORY = 200;
/** Maximum size in characters of record texts in the history: with records of 100 KB a full history would be rewritten at every switch. */
const LARGEST_HISTORY = 1_000_000;

/** Returns the view after `content` was read. */
export function nextView(
  previous: DocumentView | null,
  content: DocumentContent,
  tag: string | null,
  mintLineage: () => string,
): DocumentView {
  const { version, records } = content;
  const seen = { version, records, tag, content };
  const stated = content.lineage ?? EDITED;
  if (previous === null) return { ...seen, lineage: stated, steps: [] };
  if (stated === (previous.content.lineage ?? EDITED) && version === previous.version) {
    if (sameRecords(records, previous.records)) return { ...seen, lineage: previous.lineage, steps: previous.steps };
    // The file was edited by hand and its version was not raised: the new content must not get the position of the old one.
    return { ...seen, lineage: mintLineage(), steps: [] };
  }
  return { ...seen, lineage: stated, steps: stated === previous.lineage ? stepsTo(previous, content) : [] };
}

export function changesAfter(view: DocumentView, position: Position): readonly StateChange[] | "reload" {
  if (position.lineage !== view.lineage) return "reload";
  const changes = view.steps.filter(({ version }) => version > position.version);
  return changes.length === view.version - position.version ? changes : "reload";
}

/** Returns the history with `entry` in front, cut to its maximum length. */
export function extendHistory(history: DocumentContent["history"], entry: HistoryEntry): DocumentContent["history"] {
  let size = 0;
  const kept = [entry, ...history].slice(0, MAX_HISTORY);
  const end = kept.findIndex((one, index) => {
    for (const { before, after } of isReadable(one) ? one.records : [])
      size += (before?.length ?? 0) + (after?.length ?? 0);
    return index > 0 && size > LARGEST_HISTORY;
  });
  return end === -1 ? kept : kept.slice(0, end);
}

/** Returns the records after changes, oldest first, or `null` if a record is not at the version that a change expects. */
export function applyChange(
  records: readonly StoredRecord[],
  ...changes: readonly Pick<StateChange, "records">[]
): readonly StoredRecord[] | null {
  const byId = new Map(records.map((record) => [record.id, record]));
  for (const { id, seen, after } of changes.flatMap((change) => change.records)) {
    if ((byId.get(id)?.version ?? 0) !== seen) return null;
    if (after === null) byId.delete(id);
    else byId.set(id, { id, version: seen + 1, text: after });
  }
  return [...byId.values()];
}

function stepsTo(previous: DocumentView, content: DocumentContent): readonly StateChange[] {
  const entries = content.history
    .filter(isReadable)
    .filter(({ version }) => version > previous.version)
    .reverse();
  if (entries.some(({ version }, index) => version !== previous.version + index + 1)) return [];
  const records = applyChange(previous.records, ...entries);
  if (records === null || entries.at(-1)?.version !== content.version) return [];
  if (!sameRecords(records, content.records)) return [];
  const steps = entries.map((entry) => ({ ...entry, lineage: previous.lineage }));
  return [...previous.steps, ...steps].slice(-MAX_HISTORY);
}

export function isReadable(entry: HistoryEntry | UnreadableEntry): entry is HistoryEntry {
  return !("raw" in entry);
}

function sameRecords(a: readonly StoredRecord[], b: readonly StoredRecord[]): boolean {
  if (a.length !== b.length) return false;
  // Nearly always in the same order.
  if (a.every((record, index) => isSame(record, b[index]))) return true;
  const byId = new Map(b.map((record) => [record.id, record]));
  return a.every((record) => isSame(record, byId.get(record.id)));
}

function isSame(a: StoredRecord, b: StoredRecord | undefined): boolean {
  return a.id === b?.id && a.version === b.version && a.text === b.text;
}
