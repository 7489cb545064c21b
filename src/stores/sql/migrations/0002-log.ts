import type { MigrationStep } from "./step.ts";

/** The log of changes, which is both feed and history. */
export const log: MigrationStep = {
  async up(db, types) {
    await db.schema
      .createTable("changes")
      .ifNotExists()
      .addColumn("version", "bigint", (column) => column.primaryKey().notNull())
      .addColumn("stamp", types.text, (column) => column.notNull())
      .addColumn("at", types.text, (column) => column.notNull())
      .addColumn("by_kind", types.text, (column) => column.notNull())
      .addColumn("by_label", types.text, (column) => column.notNull())
      .addColumn("by_from", types.text)
      .addColumn("command", types.text, (column) => column.notNull())
      .addColumn("reason", types.text, (column) => column.notNull())
      .modifyEnd(types.tableEnd)
      .execute();
    await db.schema
      .createTable("change_records")
      .ifNotExists()
      .addColumn("version", "bigint", (column) => column.notNull())
      .addColumn("site", types.key, (column) => column.notNull())
      .addColumn("seen", "bigint", (column) => column.notNull())
      .addColumn("before_text", types.text)
      .addColumn("after_text", types.text)
      .addPrimaryKeyConstraint("change_records_by_version", ["version", "site"])
      .addUniqueConstraint("change_records_by_site", ["site", "version"])
      .modifyEnd(types.tableEnd)
      .execute();
  },

  async down(db) {
    await db.schema.dropTable("change_records").ifExists().execute();
    await db.schema.dropTable("changes").ifExists().execute();
  },
};
