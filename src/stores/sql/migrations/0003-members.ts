import type { MigrationStep } from "./step.ts";

/** The list of processes. No call for the state needs it. */
export const members: MigrationStep = {
  async up(db, types) {
    await db.schema
      .createTable("members")
      .ifNotExists()
      .addColumn("id", types.key, (column) => column.primaryKey().notNull())
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("text", types.text, (column) => column.notNull())
      .addColumn("written", "bigint", (column) => column.notNull())
      .modifyEnd(types.busyTableEnd)
      .execute();
  },

  async down(db) {
    await db.schema.dropTable("members").ifExists().execute();
  },
};
