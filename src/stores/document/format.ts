import * as v from "valibot";
import { ERROR_HINTS, isMaintenanceError, MaintenanceError, messageOf } from "../../errors.ts";
import { inTurns, type NextTurn, nextTurn } from "../../turn.ts";
import { openObject, validate } from "../../validation/validate.ts";
import { changeEntries } from "../log/change.ts";
import type { RecordChange, StateChange, StoredRecord } from "../store.ts";
import { parseInParts } from "./parts.ts";

/** A state as one text holds it. */
export interface DocumentContent {
  /** Empty if the state was never written; `null` if it was written by hand, without a lineage. */
  readonly lineage: string | null;
  readonly version: number;
  readonly records: readonly StoredRecord[];
  /** Newest first. */
  readonly history: readonly (HistoryEntry | UnreadableEntry)[];
  /** Members from a later release. */
  readonly added?: object;
}

export type HistoryEntry = Omit<StateChange, "lineage">;

/** A history entry that cannot be read. The state itself is still usable, and the entry is kept unchanged. */
export interface UnreadableEntry {
  readonly raw: unknown;
  readonly error: MaintenanceError;
}

const FORMAT = 1;

const MODE_OF_WORD: ReadonlyMap<string, string> = new Map([
  // An empty file, as `touch` creates it, closes everything.
  ["", "closed"],
  ["closed", "closed"],
  ["on", "closed"],
  ["1", "closed"],
  ["open", "open"],
  ["off", "open"],
  ["0", "open"],
  ["read-only", "read-only"],
]);

/** Characters of a text that may be a single word, with spaces around it. */
const MAX_WORD_LENGTH = 1_000;

const versionNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
// v.record would silently leave out a site called "constructor".
const members = v.pipe(v.unknown(), v.check(isObject, "expected an object"));
const documentSchema = v.pipe(
  members,
  openObject({
    format: v.optional(v.literal(FORMAT), FORMAT),
    lineage: v.optional(v.pipe(v.string(), v.nonEmpty())),
    version: v.optional(versionNumber, 1),
    sites: members,
    history: v.optional(v.array(v.unknown()), []),
  }),
);
const entrySchema = openObject({
  ...changeEntries,
  version: versionNumber,
  records: v.array(
    openObject({
      id: v.string(),
      seen: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      before: v.nullable(members),
      after: v.nullable(members),
    }),
  ),
});

/**
 * Parses a state that a person or a program has written. A large text that has the layout of `serializeDocument` is parsed in parts,
 * between which `nextTurn` lets the event loop continue; any other text is parsed whole.
 * @throws `ERR_STATE_UNREADABLE`, with `subject`, the position and the fault in the message and `fix` as the hint; `ERR_STATE_TOO_NEW`
 * for a later format.
 */
export async function parseDocument(
  text: string,
  subject: string,
  fix = "",
  turn: NextTurn = nextTurn,
): Promise<DocumentContent> {
  const mode = text.length > MAX_WORD_LENGTH ? undefined : MODE_OF_WORD.get(text.trim().toLowerCase());
  try {
    if (mode !== undefined) return await fromJson({ sites: { "*": { mode } } }, [], subject, turn);
    const parts = await parseInParts(text, turn);
    return await fromJson(parts?.frame ?? JSON.parse(text), parts?.sites ?? [], subject, turn);
  } catch (error) {
    if (isMaintenanceError(error, "ERR_STATE_TOO_NEW")) throw error;
    const own = isMaintenanceError(error) && error.hint !== ERROR_HINTS[error.code] ? error.hint : "";
    const message = isMaintenanceError(error) ? error.message : `${subject} is not JSON: ${messageOf(error)}.`;
    throw unreadable(message, `${own} ${fix}`.trim(), error);
  }
}

export function unreadable(message: string, hint: string, cause?: unknown): MaintenanceError {
  return new MaintenanceError("ERR_STATE_UNREADABLE", message, { ...(hint && { hint }), cause });
}

/**
 * Returns `content` as `parseDocument` would return it after serialisation. Members shared with `before`, which was parsed, are not
 * checked again: the cost depends on the size of the change and not on the history.
 */
export function readBack(content: DocumentContent, before: DocumentContent): DocumentContent {
  const [records, history] = [new Set(before.records), new Set(before.history)];
  return {
    ...content,
    records: content.records.map((record) =>
      records.has(record) ? record : { ...record, text: JSON.stringify(membersOf(record)) },
    ),
    history: content.history.map((entry) =>
      history.has(entry) || "raw" in entry ? entry : { ...entry, records: toObjects(entry).map(toTexts) },
    ),
  };
}

/** Returns the text, indented by two spaces and with a line feed at the end. The text of a record must be JSON of an object. */
export function serializeDocument({ lineage, version, records, history, added }: DocumentContent): string {
  const members: readonly (readonly [name: string, ...text: string[]])[] = [
    ...Object.entries({ format: FORMAT, lineage, version }).map(([name, value]) => [name, indented(value, 1)] as const),
    ["sites", ...listed("{}", records.map(siteText))],
    ["history", ...listed("[]", history.map(entryText))],
    ...Object.entries(added ?? {}).map(([name, value]) => [name, indented(value, 1)] as const),
  ];
  const lines = members.flatMap(([name, ...text], place) => [
    `${place === 0 ? "{" : ","}\n${INDENT}${JSON.stringify(name)}: `,
    ...text,
  ]);
  return [...lines, "\n}\n"].join("");
}

const INDENT = "  ";

/** `value` as JSON, `depth` levels inside a document. */
function indented(value: unknown, depth: number): string {
  return JSON.stringify(value, null, INDENT).replaceAll("\n", `\n${INDENT.repeat(depth)}`);
}

/** The parts of a list one level inside a document. Not joined yet: each concatenation copies the text. */
function listed(brackets: "{}" | "[]", items: readonly string[]): readonly string[] {
  if (items.length === 0) return [brackets];
  const pieces = items.flatMap((item, place) => [place === 0 ? "" : ",", `\n${INDENT}${INDENT}`, item]);
  return [brackets.charAt(0), ...pieces, `\n${INDENT}`, brackets.charAt(1)];
}

function siteText(record: StoredRecord): string {
  return `${JSON.stringify(record.id)}: ${indented({ version: record.version, ...membersOf(record) }, 2)}`;
}

/** The members of a record without its version, which is stored beside the text. */
function membersOf({ text }: StoredRecord): object {
  const { version: _stated, ...members } = JSON.parse(text);
  return members;
}

/** Serialised entries: each is written again with every later change. */
const entryTexts = new WeakMap<HistoryEntry, string>();

function entryText(entry: HistoryEntry | UnreadableEntry): string {
  if ("raw" in entry) return indented(entry.raw, 2);
  let text = entryTexts.get(entry);
  if (text === undefined) {
    const { version, at, by, command, reason, records: _records, ...rest } = entry;
    text = indented({ version, at, by, command, reason, records: toObjects(entry), ...rest }, 2);
    entryTexts.set(entry, text);
  }
  return text;
}

async function fromJson(
  json: unknown,
  parts: readonly (readonly [id: string, site: unknown])[],
  subject: string,
  turn: NextTurn,
): Promise<DocumentContent> {
  // Checked first: a later format may have members that this release would report as mistakes.
  if (isObject(json) && "format" in json && typeof json.format === "number" && json.format > FORMAT) {
    const message = `${subject} has format ${json.format}; this release reads up to ${FORMAT}.`;
    throw new MaintenanceError("ERR_STATE_TOO_NEW", message);
  }
  const content = validate(documentSchema, json, "ERR_STATE_UNREADABLE", subject);
  const { format: _format, lineage, version, sites, history, ...added } = content;
  const turns = { nextTurn: turn };
  const records = new Map<string, StoredRecord>();
  for await (const slice of inTurns([...parts, ...Object.entries(sites as object)], costOf, turns)) {
    for (const [id, site] of slice) records.set(id, toRecord(id, site, subject));
  }
  const entries: (HistoryEntry | UnreadableEntry)[] = [];
  for await (const slice of inTurns(history, costOf, turns)) {
    for (const raw of slice) entries.push(toEntry(raw, `${subject}, history[${entries.length}]`));
  }
  return { lineage: lineage ?? null, version, records: [...records.values()], history: entries, added };
}

/** As if each record and entry had this many characters: 64 of them are a slice. */
function costOf(): number {
  return 256;
}

/** Parses one entry of the history: of a text that is not an object, throws what `JSON.parse` throws. */
export function parseEntry(text: string, subject: string, index: number): HistoryEntry | UnreadableEntry {
  return toEntry(JSON.parse(text), `${subject}, history[${index}]`);
}

function toEntry(raw: unknown, subject: string): HistoryEntry | UnreadableEntry {
  try {
    const entry = validate(entrySchema, raw, "ERR_STATE_UNREADABLE", subject);
    return { ...entry, records: entry.records.map(toTexts) };
  } catch (error) {
    if (!isMaintenanceError(error)) throw error;
    const hint = "Fix the entry, or remove it: the state itself is valid.";
    return { raw, error: unreadable(error.message, hint, error) };
  }
}

function toRecord(id: string, site: unknown, subject: string): StoredRecord {
  const { version: stated, ...rest } = Object(
    validate(members, site, "ERR_STATE_UNREADABLE", `${subject}, sites.${id}`),
  );
  const version = validate(
    v.optional(versionNumber, 1),
    stated,
    "ERR_STATE_UNREADABLE",
    `${subject}, sites.${id}.version`,
  );
  return { id, version, text: JSON.stringify(rest) };
}

type ReadChange = Omit<RecordChange, "before" | "after"> & { readonly before: unknown; readonly after: unknown };

function toTexts(change: ReadChange): RecordChange {
  const toText = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  return { ...change, before: toText(change.before), after: toText(change.after) };
}

function toObjects({ version, records }: HistoryEntry): readonly ReadChange[] {
  return records.map((change) => {
    const toObject = (text: string | null): unknown => {
      try {
        return text === null ? null : JSON.parse(text);
      } catch (cause) {
        throw unreadable(`The change ${version}: a text of the record of '${change.id}' is not JSON.`, "", cause);
      }
    };
    return { ...change, before: toObject(change.before), after: toObject(change.after) };
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
