import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { findProjectRoot } from "../config/project-root.ts";
import { MaintenanceError } from "../errors.ts";
import { closedObject, validate } from "../validation/validate.ts";
import { keepChangesOption, timeoutOption } from "./driver/options.ts";
import { logStore } from "./log/log.ts";
import type { SqlDatabase, SqlEngine } from "./sql/engine.ts";
import { type SqlOptions, tablePrefixOption } from "./sql/options.ts";
import { sqlStorage } from "./sql/storage.ts";
import { openSqlite, queryOf, type SqliteDriver, type SqliteHandle } from "./sqlite/driver.ts";
import { explainSqlite, sqliteFault } from "./sqlite/error.ts";
import { watchSqlite } from "./sqlite/watch.ts";
import type { Store, StoreCapabilities } from "./store.ts";

export interface SqliteStoreOptions extends SqlOptions {
  /**
   * Where the database is; relative to the working directory. Default: `.maintenance/state.db` in the nearest folder, from
   * the working directory upwards, that has a `.maintenance` folder or a package.json.
   */
  readonly path?: string | undefined;
  /** Your own open database of better-sqlite3 or `node:sqlite`, instead of `path`. It is never closed. */
  readonly database?: SqliteHandle | undefined;
  /** What opens `path`. Default: `node:sqlite`, which Node brings along. */
  readonly driver?: SqliteDriver | undefined;
  /** Makes the tables when they are missing. Default: true. */
  readonly autoMigrate?: boolean | undefined;
}

export const SQLITE_CAPABILITIES: StoreCapabilities = {
  compareAndSet: true,
  readAfterWrite: "strong",
  push: true,
  shared: true,
  separateRecords: true,
};

const schema = closedObject({
  path: v.optional(v.pipe(v.string(), v.regex(/^[^\0]+$/, "expected a path"))),
  database: v.optional(
    v.custom<SqliteHandle>(
      (value) => typeof (value as SqliteHandle | null)?.prepare === "function",
      "expected a database of better-sqlite3 or node:sqlite",
    ),
  ),
  driver: v.optional(v.picklist(["node:sqlite", "better-sqlite3"]), "node:sqlite"),
  tablePrefix: tablePrefixOption,
  keepChanges: keepChangesOption,
  timeout: timeoutOption,
  autoMigrate: v.optional(v.boolean(), true),
});

/**
 * Keeps the state in an SQLite database, shared by any number of processes of one machine. Does nothing until it is used, and creates
 * the database with the first change. Throws `ERR_INVALID_OPTION`.
 */
export function sqliteStore(options: SqliteStoreOptions = {}): Store {
  const { path, database, driver, ...settings } = validate(schema, options, "ERR_INVALID_OPTION", "sqliteStore");
  if (database !== undefined && path !== undefined) {
    throw new MaintenanceError("ERR_INVALID_OPTION", "sqliteStore has a database, and a path as well.", {
      hint: "Leave out either 'database' or 'path'.",
    });
  }
  const file = database ? null : resolve(path ?? join(findProjectRoot(process.cwd()), ".maintenance", "state.db"));
  const name = file === null ? "SQLite in the application's own database" : `SQLite in ${file}`;
  const engine: SqlEngine = {
    kind: "sqlite",
    name,
    capabilities: SQLITE_CAPABILITIES,
    begin: "begin immediate",
    announce: null,
    probe: { version: "select 'SQLite ' || sqlite_version()", clock: null },
    ...(driver === "better-sqlite3" ? { driver: { "better-sqlite3": () => import("better-sqlite3") } } : {}),
    open: async () => (database ? handedOver(database) : openFile(file ?? "", driver)),
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

function handedOver(handle: SqliteHandle): SqlDatabase {
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
    ...handedOver(handle),
    isGone: () => !isOpen || identityOf(path) !== opened,
    async close() {
      if (isOpen) handle.close();
      isOpen = false;
    },
  };
}

/** A file that takes another's place is another. `null`: there is none. */
function identityOf(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}-${stats.ino}`;
}
