import { type Kysely, sql } from "kysely";
import * as v from "valibot";
import { MaintenanceError } from "../../errors.ts";
import { storedActorSchema } from "../../state/actor.ts";
import type { LogEntry, LogTail } from "../log/log.ts";
import type { HistoryQuery, RecordChange, StateChange } from "../store.ts";
import { rowsOf, type SqlScript } from "./script.ts";
import type { ChangeRecordsTable, ChangesTable, Tables } from "./tables.ts";

/** Reading more records than this costs more than a reload. */
const MAX_RECORDS = 1_000;
/** More ids than this are not listed in a query: all records are read. */
const MAX_IDS = 1_000;

/** A row of the head, whose id is the lineage and whose text the stamp, or of a record. */
export interface StateRow {
  readonly id: string;
  readonly version: number | string | bigint;
  readonly text: string;
  readonly is_head: number | string | bigint;
}

/** One statement, so that the state is consistent: a row for the head, and one for each record. With `most`, for the first of them. */
export function* readState(
  db: Kysely<Tables>,
  sites: readonly string[] | null,
  most: number | null = null,
): SqlScript<readonly StateRow[]> {
  const state = db
    .selectFrom("state")
    .select([
      "lineage as id",
      "version",
      "stamp as text",
      sql.lit(1).$castTo<number | string | bigint>().as("is_head"),
    ]);
  const records = recordsOf(db).$if(sites !== null && sites.length <= MAX_IDS, (query) =>
    query.where("id", "in", sites ?? []),
  );
  const some = most === null ? records : db.selectFrom(firstOf(records, most).as("first")).selectAll();
  return yield* rowsOf(sites?.length === 0 ? state : state.unionAll(some));
}

/** The records after the id `after`, in the order of their ids. */
export function* readPage(db: Kysely<Tables>, after: string, most: number): SqlScript<readonly StateRow[]> {
  return yield* rowsOf(firstOf(recordsOf(db).where("id", ">", after), most));
}

function recordsOf(db: Kysely<Tables>) {
  return db
    .selectFrom("sites")
    .select(["id", "version", "text", sql.lit(0).$castTo<number | string | bigint>().as("is_head")]);
}

function firstOf(records: ReturnType<typeof recordsOf>, most: number): ReturnType<typeof recordsOf> {
  return records.orderBy("id").limit(sql.lit(most));
}

/** One statement. If nothing changed it returns one row, without the text of any record. */
export function* readTail(db: Kysely<Tables>, version: number): SqlScript<LogTail> {
  const rows = yield* rowsOf(
    db
      .selectFrom("state as head")
      .leftJoin("changes as c", (join) => join.on("c.version", ">=", version))
      // NULL for `version` itself, so that its records, which may be 100,000, are not read. The second condition repeats this for PostgreSQL,
      // which could otherwise read all records of all changes for a poll without changes.
      .leftJoin("change_records as r", (join) =>
        join
          .on("r.version", "=", (row) => row.fn<number>("nullif", ["c.version", row.val(version)]))
          .on("r.version", ">", version),
      )
      .select(["head.version as head_version", "head.stamp as head_stamp", ...CHANGE_COLUMNS])
      .orderBy("c.version")
      .orderBy("r.site")
      .limit(sql.lit(MAX_RECORDS + 1)),
  );
  const head = rows[0];
  if (head === undefined) return { stamp: null, entries: [] };
  // Of the change at `version` only the stamp matters: whether it was edited by hand makes no difference to a poll.
  const own = rows.find((row) => row.version !== null && Number(row.version) === version);
  const entries = toChanges(rows.filter((row) => Number(row.version) > version));
  const reached = entries.at(-1)?.version ?? version;
  const isWhole = rows.length <= MAX_RECORDS && reached >= Number(head.head_version);
  return {
    stamp: own?.stamp ?? (Number(head.head_version) === version ? head.head_stamp : null),
    entries: isWhole ? entries : "many",
  };
}

export function* readHistory(
  db: Kysely<Tables>,
  { site, before, limit }: HistoryQuery,
): SqlScript<readonly StateChange[]> {
  const rows = yield* rowsOf(
    db
      .selectFrom(
        db
          .selectFrom("changes")
          .selectAll()
          .$if(before !== undefined, (query) => query.where("version", "<", before ?? 0))
          .$if(site !== undefined, (query) =>
            query.where("version", "in", (some) =>
              some
                .selectFrom("change_records")
                .select("version")
                .where("site", "=", site ?? ""),
            ),
          )
          .orderBy("version", "desc")
          .limit(sql.lit(limit))
          .as("c"),
      )
      .innerJoin("state as head", (join) => join.on("head.id", "=", 1))
      .leftJoin("change_records as r", "r.version", "c.version")
      .select(["head.lineage", ...CHANGE_COLUMNS])
      .orderBy("c.version", "desc")
      .orderBy("r.site"),
  );
  const lineage = rows[0]?.lineage ?? "";
  return toChanges(rows).map(({ stamp: _stamp, ...change }) => ({ ...change, lineage }));
}

const CHANGE_COLUMNS = [
  "c.version",
  "c.stamp",
  "c.at",
  "c.by_kind",
  "c.by_label",
  "c.by_from",
  "c.command",
  "c.reason",
  "r.site",
  "r.seen",
  "r.before_text",
  "r.after_text",
] as const;

/** A change joined with one of its records. */
type ChangeRow = {
  readonly [Column in Exclude<keyof ChangesTable, "version"> | Exclude<keyof ChangeRecordsTable, "version" | "seen">]:
    | string
    | null;
} & { readonly version: number | string | bigint | null; readonly seen: number | string | bigint | null };

/** In the order of the rows. */
function toChanges(rows: readonly ChangeRow[]): readonly LogEntry[] {
  const changes = new Map<number, LogEntry & { readonly records: RecordChange[] }>();
  for (const row of rows) {
    if (row.version === null) continue;
    const version = Number(row.version);
    const change = changes.get(version) ?? { ...toChange(row, version), records: [] };
    changes.set(version, change);
    if (row.site === null) continue;
    change.records.push({ id: row.site, seen: Number(row.seen), before: row.before_text, after: row.after_text });
  }
  return [...changes.values()];
}

function toChange(row: ChangeRow, version: number): Omit<LogEntry, "records"> {
  const actor = { kind: row.by_kind ?? "program", label: row.by_label ?? "" };
  const by = v.parse(storedActorSchema, { ...actor, ...(row.by_from !== null && { from: row.by_from }) });
  const { stamp, at, command, reason } = row;
  if (at === null || Number.isNaN(Date.parse(at))) {
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `The change ${version}: '${at}' is no time.`);
  }
  return { version, stamp: stamp ?? "", at, by, command: command ?? "", reason: reason ?? "" };
}
