import type { Kysely } from "kysely";
import type { ColumnTypes } from "./column-types.ts";
import type { Tables } from "./tables.ts";

/** One numbered step. Both may run again after they were cut off half-way: MySQL cannot undo the making of a table. */
export interface MigrationStep {
  up(db: Kysely<Tables>, types: ColumnTypes): Promise<void>;
  down(db: Kysely<Tables>): Promise<void>;
}
