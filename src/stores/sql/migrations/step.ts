import { type Kysely, type RawBuilder, sql } from "kysely";
import type { SqlEngine } from "../engine.ts";
import type { Tables } from "../tables.ts";

/** One numbered step. Both directions can be repeated after an interruption: MySQL cannot roll back the creation of a table. */
export interface MigrationStep {
  up(db: Kysely<Tables>, types: ColumnTypes): Promise<void>;
  down(db: Kysely<Tables>): Promise<void>;
}

/** The type of each column in a database. */
export interface ColumnTypes {
  /** Text of any length. */
  readonly text: RawBuilder<string>;
  /** Text of up to 255 characters that is compared byte by byte. */
  readonly key: RawBuilder<string>;
  /** The end of `create table`. */
  readonly tableEnd: RawBuilder<unknown>;
  /** The end of `create table` for a few rows that are replaced again and again. */
  readonly busyTableEnd: RawBuilder<unknown>;
}

export function columnTypes(kind: SqlEngine["kind"]): ColumnTypes {
  if (kind !== "mysql") {
    // Room in each page, so that PostgreSQL can replace a row there without a change of the index.
    const busyTableEnd = kind === "postgres" ? sql`with (fillfactor = 50)` : sql``;
    return { text: sql`text`, key: sql`text`, tableEnd: sql``, busyTableEnd };
  }
  // Whatever the server's defaults are: ids are case-sensitive, texts hold any script, and tables are transactional.
  return {
    text: sql`longtext character set utf8mb4 collate utf8mb4_bin`,
    key: sql`varchar(255) character set utf8mb4 collate utf8mb4_bin`,
    tableEnd: sql`engine = InnoDB`,
    busyTableEnd: sql`engine = InnoDB`,
  };
}
