import { dirname } from "node:path";
import { MaintenanceError, messageOf } from "../../errors.ts";
import { driverError } from "../driver/error.ts";
import type { SqlFault } from "../sql/engine.ts";

/** Result codes of SQLite, by their names in better-sqlite3: https://sqlite.org/rescode.html. */
const CODES = {
  SQLITE_BUSY: 5,
  SQLITE_READONLY: 8,
  SQLITE_IOERR: 10,
  SQLITE_CORRUPT: 11,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_CONSTRAINT: 19,
  SQLITE_NOTADB: 26,
} as const;

type SqliteCode = keyof typeof CODES;

/** Returns the primary code: `node:sqlite` has a number, better-sqlite3 a name; either may be followed by details. */
function codeOf(error: unknown): SqliteCode | null {
  const { errcode, code } = Object(error) as { readonly errcode?: unknown; readonly code?: unknown };
  const names = Object.keys(CODES) as SqliteCode[];
  if (typeof errcode === "number") return names.find((name) => CODES[name] === (errcode & 0xff)) ?? null;
  return names.find((name) => code === name || String(code).startsWith(`${name}_`)) ?? null;
}

export function sqliteFault(error: unknown): SqlFault {
  switch (codeOf(error)) {
    case "SQLITE_BUSY":
      return "busy";
    case "SQLITE_CONSTRAINT":
      return "duplicate";
    default:
      return messageOf(error).startsWith("no such table") ? "no-table" : "other";
  }
}

/** Returns the error for the user. `path`: the file of the database; `null` if the user has opened it. */
export function explainSqlite(name: string, path: string | null, error: unknown): MaintenanceError {
  const code = codeOf(error);
  if (code === "SQLITE_CORRUPT" || code === "SQLITE_NOTADB") {
    const hint = `Restore it from a backup, or move it away${path === null ? "" : ` (mv '${path}' '${path}.broken')`} and close the sites again.`;
    return new MaintenanceError("ERR_STATE_UNREADABLE", `${name}: ${messageOf(error)}.`, { hint, cause: error });
  }
  return driverError(name, error, [], () => hintFor(code, path));
}

function hintFor(code: SqliteCode | null, path: string | null): string | undefined {
  const file = path ?? "the file of the database";
  const folder = path === null ? "its folder" : dirname(path);
  switch (code) {
    case "SQLITE_BUSY":
      return "Another process has been writing for too long; find it with fuser, and try again.";
    case "SQLITE_READONLY":
    case "SQLITE_CANTOPEN":
      return `Let this user write to ${file} and ${folder}, or choose another path with sqliteStore({ path }).`;
    case "SQLITE_FULL":
    case "SQLITE_IOERR":
      return `Check that ${folder} has free space, and that the disk works; the state is unchanged.`;
    default:
      return undefined;
  }
}
