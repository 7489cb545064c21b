import { open as openPath } from "node:fs/promises";
import { dirname } from "node:path";
import { MaintenanceError } from "../../errors.ts";
import { loadDriver } from "../driver/load.ts";
import { unlessRefused } from "../file/error.ts";
import { DRAFT_MODE, makeFolder, setNewFilePermissions } from "../file/permissions.ts";
import type { SqlResult } from "../sql/engine.ts";

export type SqliteDriver = "node:sqlite" | "better-sqlite3";

/** The members of a database of better-sqlite3 or `node:sqlite` that the store uses. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): void;
}

export interface SqliteStatement {
  /** Whether the statement returns rows; better-sqlite3 only. */
  readonly reader?: boolean;
  all(...parameters: readonly never[]): unknown[];
  run(...parameters: readonly never[]): unknown;
}

/**
 * Milliseconds that a query blocks this process while another process writes. Short, because the event loop is blocked: a caller that
 * finds the database busy tries again later.
 */
const BUSY_TIMEOUT = 10;

/** A commit is on the disk when it returns, and readers do not wait for writers. */
const SETTINGS = ["journal_mode = wal", "synchronous = full"];

export async function openSqlite(path: string, driver: SqliteDriver): Promise<SqliteHandle> {
  await makeFolder(dirname(path));
  // Created before SQLite does it, which gives the files beside it (-wal, -shm) the same permissions. An empty file is an empty database.
  const file = await unlessRefused(["EEXIST", "EACCES", "EROFS", "EPERM"], () => openPath(path, "wx", DRAFT_MODE));
  if (file !== null) await setNewFilePermissions(path, file).finally(() => file.close());
  const handle = await open(path, driver);
  try {
    handle.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`);
    for (const setting of SETTINGS) handle.exec(`pragma ${setting}`);
    return handle;
  } catch (error) {
    handle.close();
    throw error;
  }
}

export function queryOf(handle: SqliteHandle, sql: string, parameters: readonly unknown[]): SqlResult {
  const statement = handle.prepare(sql);
  const bound = parameters as readonly never[];
  if (statement.reader !== false) return { rows: statement.all(...bound) };
  statement.run(...bound);
  return { rows: [] };
}

async function open(path: string, driver: SqliteDriver): Promise<SqliteHandle> {
  if (driver === "better-sqlite3") {
    const { default: Database } = await loadDriver("sqliteStore", driver, () => import("better-sqlite3"));
    return new Database(path);
  }
  const { DatabaseSync } = await import("node:sqlite").catch((cause: unknown) => {
    throw new MaintenanceError("ERR_DRIVER_MISSING", "This runtime has no 'node:sqlite'.", {
      hint: "Run: npm install better-sqlite3, and use sqliteStore({ driver: 'better-sqlite3' }).",
      cause,
    });
  });
  return new DatabaseSync(path);
}
