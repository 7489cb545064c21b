import { type Kysely, sql } from "kysely";
import type { LogEntry, LogMint } from "../log/log.ts";
import { changeMessage } from "../log/message.ts";
import type { LogHead } from "../log/view.ts";
import type { ChangeDraft, Position, StateContent, StoredRecord } from "../store.ts";
import type { SqlEngine } from "./engine.ts";
import { rowsOf, run, type SqlScript } from "./script.ts";
import type { Tables } from "./tables.ts";

/** Maximum number of rows per statement, and of characters: servers limit both. */
const MAX_ROWS = 500;
const MAX_CHARACTERS = 1_000_000;

/** The parameters of a script that writes. */
export interface Writing {
  readonly db: Kysely<Tables>;
  readonly kind: SqlEngine["kind"];
  readonly keepChanges: number;
  readonly announce: SqlEngine["announce"];
}

/** As `LogStorage.append`, inside a transaction. */
export function* append(writing: Writing, draft: ChangeDraft, mint: LogMint): SqlScript<LogHead | null> {
  const { db, keepChanges } = writing;
  const head = yield* lockHead(writing);
  if ((head?.lineage ?? "") !== draft.lineage || !(yield* sawAll(db, draft))) return null;
  const next = { lineage: head?.lineage ?? mint.newLineage, version: (head?.version ?? 0) + 1, stamp: mint.stamp };
  yield* writeHead(db, next, head !== null);
  yield* writeSites(
    writing,
    draft.records.flatMap(({ id, seen, after }) => (after === null ? [] : [{ id, version: seen + 1, text: after }])),
  );
  for (const records of chunksOf(draft.records.filter(({ after }) => after === null))) {
    const ids = records.map(({ id }) => id);
    yield* run(db.deleteFrom("sites").where("id", "in", ids));
  }
  yield* writeLog(db, [{ ...draft, version: next.version, stamp: mint.stamp }]);
  const last = next.version - keepChanges;
  if (last > 0) {
    yield* run(db.deleteFrom("changes").where("version", "<=", last));
    yield* run(db.deleteFrom("change_records").where("version", "<=", last));
  }
  yield* announce(writing, mint.announce ? changeMessage(draft, head, writing.announce?.maxBytes) : "");
  return next;
}

/** As `LogStorage.replace`, inside a transaction. */
export function* replace(
  writing: Writing,
  content: StateContent,
  over: Position,
  stampOf: (version: number) => string,
): SqlScript<LogHead | null> {
  const { db, keepChanges } = writing;
  const head = yield* lockHead(writing);
  if ((head?.lineage ?? "") !== over.lineage || (head?.version ?? 0) !== over.version) return null;
  const next = { lineage: content.lineage, version: content.version, stamp: stampOf(content.version) };
  // The row of the state first: of two concurrent first writers, the second waits here before it writes anything.
  if (content.lineage === "") yield* run(db.deleteFrom("state"));
  else yield* writeHead(db, next, head !== null);
  for (const table of ["sites", "changes", "change_records"] as const) yield* run(db.deleteFrom(table));
  yield* writeSites(writing, content.records);
  const log = content.history.slice(0, keepChanges).map((change) => ({ ...change, stamp: stampOf(change.version) }));
  yield* writeLog(db, log);
  yield* announce(writing, "");
  return next;
}

/** Locks the row of the state: later writers wait here for the first. */
function* lockHead({ db, kind }: Writing): SqlScript<LogHead | null> {
  const query = db.selectFrom("state").select(["lineage", "version", "stamp"]).where("id", "=", 1);
  const [head] = yield* rowsOf(kind === "sqlite" ? query : query.forUpdate());
  return head === undefined ? null : { ...head, version: Number(head.version) };
}

function* writeHead(db: Kysely<Tables>, head: LogHead, exists: boolean): SqlScript<void> {
  yield* run(
    exists ? db.updateTable("state").set(head).where("id", "=", 1) : db.insertInto("state").values({ id: 1, ...head }),
  );
}

function* sawAll(db: Kysely<Tables>, draft: ChangeDraft): SqlScript<boolean> {
  for (const records of chunksOf(draft.records)) {
    const ids = records.map(({ id }) => id);
    const found = yield* rowsOf(db.selectFrom("sites").select(["id", "version"]).where("id", "in", ids));
    const versions = new Map(found.map(({ id, version }) => [id, Number(version)]));
    if (records.some(({ id, seen }) => (versions.get(id) ?? 0) !== seen)) return false;
  }
  return true;
}

function* writeSites({ db, kind }: Writing, records: readonly StoredRecord[]): SqlScript<void> {
  for (const rows of chunksOf(records)) {
    const insert = db.insertInto("sites").values([...rows]);
    yield* run(
      kind === "mysql"
        ? insert.onDuplicateKeyUpdate({ version: sql`values(version)`, text: sql`values(text)` })
        : insert.onConflict((conflict) =>
            conflict
              .column("id")
              .doUpdateSet((row) => ({ version: row.ref("excluded.version"), text: row.ref("excluded.text") })),
          ),
    );
  }
}

function* writeLog(db: Kysely<Tables>, entries: readonly LogEntry[]): SqlScript<void> {
  const changes = entries.map(({ version, stamp, at, by, command, reason }) => ({
    version,
    stamp,
    at,
    by_kind: by.kind,
    by_label: by.label,
    by_from: by.from ?? null,
    command,
    reason,
  }));
  for (const rows of chunksOf(changes)) yield* run(db.insertInto("changes").values([...rows]));
  const records = entries.flatMap(({ version, records }) =>
    records.map(({ id, seen, before, after }) => ({ version, site: id, seen, before_text: before, after_text: after })),
  );
  for (const rows of chunksOf(records)) yield* run(db.insertInto("change_records").values([...rows]));
}

function* announce({ announce }: Writing, message: string): SqlScript<void> {
  if (announce !== null) yield { sql: announce.sql, parameters: [message] };
}

/** Yields the rows in chunks that fit into a statement. */
function* chunksOf<Row extends object>(rows: readonly Row[]): Generator<readonly Row[], void, undefined> {
  let chunk: Row[] = [];
  let characters = 0;
  for (const row of rows) {
    chunk.push(row);
    for (const value of Object.values(row)) characters += typeof value === "string" ? value.length : 0;
    if (chunk.length < MAX_ROWS && characters < MAX_CHARACTERS) continue;
    yield chunk;
    chunk = [];
    characters = 0;
  }
  if (chunk.length > 0) yield chunk;
}
