import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { findProjectRoot } from "../config/project-root.ts";
import { closedObject, validate } from "../validation/validate.ts";
import { optionError, ownOption, pathOption } from "./driver/options.ts";
import { logStore } from "./log/log.ts";
import type { SqlDatabase, SqlEngine } from "./sql/engine.ts";
import { type SqlOptions, sqlEntries } from "./sql/options.ts";
import { sqlStorage } from "./sql/storage.ts";
import { openSqlite, queryOf, type SqliteDriver, type SqliteHandle } from "./sqlite/driver.ts";
import { explainSqlite, sqliteFault } from "./sqlite/error.ts";
import { watchSqlite } from "./sqlite/watch.ts";
import type { Store } from "./store.ts";

export type { LogOptions, TimeoutOption } from "./driver/options.ts";
export type { SqlOptions } from "./sql/options.ts";
export type { SqliteDriver, SqliteHandle, SqliteStatement } from "./sqlite/driver.ts";

/** The database file, or your own database. */
export interface SqliteStoreOptions extends SqlOptions {
  /**
   * The database file, relative to the working directory.
   * @default `.maintenance/state.db` in the nearest folder, from the working directory upwards, that has a `.maintenance` folder or a
   * package.json
   */
  readonly path?: string | undefined;
  /** Your own open database of better-sqlite3 or `node:sqlite`, instead of `path`. The store never closes it. */
  readonly client?: SqliteHandle | undefined;
  /**
   * The driver that opens `path`.
   * @default "node:sqlite", which is part of Node.js
   */
  readonly driver?: SqliteDriver | undefined;
  /**
   * Whether to create missing tables on first use.
   * @default true
   */
  readonly autoMigrate?: boolean | undefined;
}

const schema = closedObject({
  path: pathOption,
  client: ownOption<SqliteHandle>("prepare", "expected a database of better-sqlite3 or node:sqlite"),
  driver: v.optional(v.picklist(["node:sqlite", "better-sqlite3"]), "node:sqlite"),
  ...sqlEntries,
  autoMigrate: v.optional(v.boolean(), true),
});

/**
 * Returns a store that keeps the state in an SQLite database. Any number of processes of one machine can share it. Opens the database
 * on first use, and creates it with the first change.
 * @example
 * const store = sqliteStore({ path: "/var/lib/shop/state.db" });
 * @throws `ERR_INVALID_OPTION` for an option that is unknown or invalid, and for `path` together with `client`.
 */
export function sqliteStore(options: SqliteStoreOptions = {}): Store {
  const {
    path,
    client: database,
    driver,
    ...settings
  } = validate(schema, options, "ERR_INVALID_OPTION", "sqliteStore");
  if (database !== undefined && path !== undefined) {
    throw optionError("sqliteStore has a client, and a path as well.", "Leave out either 'client' or 'path'.");
  }
  const file = database ? null : resolve(path ?? join(findProjectRoot(process.cwd()), ".maintenance", "state.db"));
  const name = file === null ? "SQLite in the application's own database" : `SQLite in ${file}`;
  const engine: SqlEngine = {
    kind: "sqlite",
    name,
    begin: "begin immediate",
    announce: null,
    probe: { version: "select 'SQLite ' || sqlite_version()", clock: null },
    ...(driver === "better-sqlite3" ? { driver: { "better-sqlite3": () => import("better-sqlite3") } } : {}),
    open: async () => (database ? databaseOf(database) : openFile(file ?? "", driver)),
    isAbsent: () => file !== null && identityOf(file) === null,
    faultOf: sqliteFault,
    explain: (error) => explainSqlite(name, file, error),
    watch: (use, listener, signal) => watchSqlite(file, use, () => engine.isAbsent?.() ?? false, listener, signal),
  };
  const store = logStore(sqlStorage(engine, { ...settings, schema: null }));
  if (file === null) return store;
  return {
    ...store,
    examine: async (call) => {
      const { examineFile } = await import("./file/examine.ts");
      return [...((await store.examine?.(call)) ?? []), ...(await examineFile(file))];
    },
  };
}

function databaseOf(handle: SqliteHandle): SqlDatabase {
  return {
    connect: async () => ({ query: (sql, parameters) => queryOf(handle, sql, parameters), release: () => {} }),
    close: async () => {},
  };
}

async function openFile(path: string, driver: SqliteDriver): Promise<SqlDatabase> {
  const handle = await openSqlite(path, driver);
  const opened = identityOf(path);
  let isOpen = true;
  return {
    ...databaseOf(handle),
    isGone: () => !isOpen || identityOf(path) !== opened,
    async close() {
      if (isOpen) handle.close();
      isOpen = false;
    },
  };
}

/** Device and inode, which change when the file is replaced; `null` if there is no file. */
function identityOf(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}-${stats.ino}`;
}
