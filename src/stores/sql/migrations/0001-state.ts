import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "../column-types.ts";
import type { Tables } from "../tables.ts";

/** The state as it is now: its head, and a record per site. */
export async function up(db: Kysely<Tables>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable("state")
    .ifNotExists()
    .addColumn("id", "integer", (column) => column.primaryKey().check(sql`id = 1`))
    .addColumn("lineage", types.text, (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("stamp", types.text, (column) => column.notNull())
    .modifyEnd(types.tableEnd)
    .execute();
  await db.schema
    .createTable("sites")
    .ifNotExists()
    .addColumn("id", types.key, (column) => column.primaryKey().notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("text", types.text, (column) => column.notNull())
    .modifyEnd(types.tableEnd)
    .execute();
}

export async function down(db: Kysely<Tables>): Promise<void> {
  await db.schema.dropTable("sites").ifExists().execute();
  await db.schema.dropTable("state").ifExists().execute();
}
