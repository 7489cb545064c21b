import { type Kysely, sql } from "kysely";
import { MaintenanceError } from "../../errors.ts";
import type { MemberEntries } from "../members/storage.ts";
import type { SqlEngine } from "./engine.ts";
import { inTransaction, rowsOf, run, type SqlScript } from "./script.ts";
import type { Tables } from "./tables.ts";

export interface MemberTable {
  readonly db: Kysely<Tables>;
  readonly engine: Pick<SqlEngine, "kind" | "name" | "begin">;
}

/** Epoch milliseconds of the database's clock. */
const NOW: Readonly<Record<SqlEngine["kind"], string>> = {
  sqlite: "cast(unixepoch('subsec') * 1000 as integer)",
  postgres: "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
  mysql: "cast(unix_timestamp(now(3)) * 1000 as signed)",
};

/** Whether the server may be behind another one. */
const IS_READ_ONLY: Readonly<Record<SqlEngine["kind"], string>> = {
  sqlite: "0",
  postgres: "case when pg_is_in_recovery() then 1 else 0 end",
  mysql: "@@global.read_only",
};

/** If the server crashes, the last renewals of a fraction of a second are lost: the rows are then at an earlier number. */
const UNFLUSHED = "set_config('synchronous_commit', 'off', true)";

/** Returns whether it was written. Throws the error of the driver for a key that is not absent. */
export function* putMember(
  { db, engine: { kind, begin } }: MemberTable,
  entry: { readonly id: string; readonly text: string },
  seen: number,
  isRenewal: boolean,
): SqlScript<boolean> {
  const written = sql.raw<number>(NOW[kind]);
  if (seen === 0) {
    yield* run(db.insertInto("members").values({ ...entry, seq: 1, written }));
    return true;
  }
  const next = db
    .updateTable("members")
    .set({ seq: seen + 1, text: entry.text, written })
    .where("id", "=", entry.id)
    .where("seq", "=", seen);
  if (kind === "mysql") return yield* inTransaction(begin, ifFound(db, entry.id, seen, run(next)));
  const answer = sql.raw(isRenewal && kind === "postgres" ? UNFLUSHED : "1");
  return (yield* rowsOf(next.returning(answer.as("written")))).length > 0;
}

export function* removeMember(
  { db, engine: { kind, begin } }: MemberTable,
  id: string,
  seen: number,
): SqlScript<boolean> {
  const removal = db.deleteFrom("members").where("id", "=", id).where("seq", "=", seen);
  if (kind === "mysql") return yield* inTransaction(begin, ifFound(db, id, seen, run(removal)));
  return (yield* rowsOf(removal.returning("id"))).length > 0;
}

/** MySQL returns no rows of a change. */
function* ifFound(db: Kysely<Tables>, id: string, seen: number, change: SqlScript<void>): SqlScript<boolean> {
  const [row] = yield* rowsOf(db.selectFrom("members").select("seq").where("id", "=", id).forUpdate());
  if (row === undefined || Number(row.seq) !== seen) return false;
  yield* change;
  return true;
}

/** One statement, which returns a row even if there are no entries. */
export function* readMembers({ db, engine }: MemberTable, keys: readonly string[] | "all"): SqlScript<MemberEntries> {
  const { kind, name } = engine;
  const server = db
    .selectNoFrom([sql.raw<number>(NOW[kind]).as("now"), sql.raw<unknown>(IS_READ_ONLY[kind]).as("is_read_only")])
    .as("server");
  const rows = yield* rowsOf(
    db
      .selectFrom(server)
      .leftJoin("members as m", (join) => (keys === "all" ? join.onTrue() : join.on("m.id", "in", keys)))
      .select(["server.now", "server.is_read_only", "m.id", "m.seq", "m.text", "m.written"]),
  );
  const [first] = rows;
  if (!["0", "OFF"].includes(String(first?.is_read_only))) {
    throw new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name}: this server is read-only and may be a replica.`, {
      hint: "Its list of processes may be old: use the primary.",
    });
  }
  const entries = rows.flatMap(({ id, seq, text, written }) =>
    id === null || text === null ? [] : [{ key: id, seq: Number(seq), text, written: Number(written) }],
  );
  return { entries, now: Number(first?.now) };
}

/** Runs each statement of the list on no rows, as `examine` does for the state. */
export function* changeNoMembers({ db, engine: { kind } }: MemberTable): SqlScript<void> {
  const none = sql<boolean>`1 = 0`;
  yield* run(db.selectFrom("members").select("seq").limit(sql.lit(1)));
  yield* run(
    db
      .updateTable("members")
      .set({ written: sql.raw<number>(NOW[kind]) })
      .where(none),
  );
  yield* run(db.deleteFrom("members").where(none));
  yield* run(db.insertInto("members").expression(db.selectFrom("members").selectAll().where(none)));
}
