import { type Kysely, type RawBuilder, sql } from "kysely";
import type { SqlEngine } from "../engine.ts";
import type { Tables } from "../tables.ts";

/** One numbered step. Both may run again after they were cut off half-way: MySQL cannot undo the making of a table. */
export interface MigrationStep {
  up(db: Kysely<Tables>, types: ColumnTypes): Promise<void>;
  down(db: Kysely<Tables>): Promise<void>;
}

/** What the same column is called in each database. */
export interface ColumnTypes {
  /** Text of any length. */
  readonly text: RawBuilder<string>;
  /** Text of up to 255 characters that is compared byte by byte. */
  readonly key: RawBuilder<string>;
  /** The end of `create table`. */
  readonly tableEnd: RawBuilder<unknown>;
}

export function columnTypes(kind: SqlEngine["kind"]): ColumnTypes {
  if (kind !== "mysql") return { text: sql`text`, key: sql`text`, tableEnd: sql`` };
  // Whatever the server's own defaults are: ids differ by case, texts hold any script, and a transaction is one.
  return {
    text: sql`longtext character set utf8mb4 collate utf8mb4_bin`,
    key: sql`varchar(255) character set utf8mb4 collate utf8mb4_bin`,
    tableEnd: sql`engine = InnoDB`,
  };
}
