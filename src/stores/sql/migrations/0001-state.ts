import { sql } from "kysely";
import type { MigrationStep } from "./step.ts";

/** The current state: its head, and a record per site. */
export const state: MigrationStep = {
  async up(db, types) {
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
  },

  async down(db) {
    await db.schema.dropTable("sites").ifExists().execute();
    await db.schema.dropTable("state").ifExists().execute();
  },
};
