import type { MaintenanceError } from "../../errors.ts";
import { type DriverHints, driverCode, driverError, hintAmong, networkHints } from "../driver/error.ts";
import type { SqlFault } from "../sql/engine.ts";

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html. */
const FAULTS: Readonly<Record<string, SqlFault>> = {
  ER_NO_SUCH_TABLE: "no-table",
  ER_DUP_ENTRY: "duplicate",
  ER_LOCK_DEADLOCK: "busy",
  ER_LOCK_WAIT_TIMEOUT: "busy",
  // MariaDB: another transaction has changed a row that was read.
  ER_CHECKREAD: "busy",
};

export function mysqlFault(error: unknown): SqlFault {
  return FAULTS[driverCode(error)] ?? "other";
}

/** Returns the error that the user gets. */
export function explainMysql(name: string, secrets: readonly unknown[], error: unknown): MaintenanceError {
  return driverError(name, error, secrets, hintAmong(HINTS, error));
}

const GRANT = "Grant this user the permissions in docs/stores-sql.md of this package, with GRANT.";
const READ_ONLY = "This server accepts no writes and may be a replica: use the primary in mysqlStore({ url }).";

const HINTS: DriverHints = [
  ["ER_ACCESS_DENIED_ERROR", "Fix the user name or the password of mysqlStore({ url })."],
  ["ER_DBACCESS_DENIED_ERROR", GRANT],
  ["ER_TABLEACCESS_DENIED_ERROR", GRANT],
  ["ER_BAD_DB_ERROR", "Create the database, or fix its name in mysqlStore({ url })."],
  ["ER_NO_DB_ERROR", "Name the database in mysqlStore({ url })."],
  ["ER_OPTION_PREVENTS_STATEMENT", READ_ONLY],
  ["ER_READ_ONLY_MODE", READ_ONLY],
  ["ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION", READ_ONLY],
  [
    "ER_CON_COUNT_ERROR",
    "The server has no connection left: raise max_connections, or share a pool: mysqlStore({ client: pool }).",
  ],
  ["ER_DISK_FULL", "Free some space on the disk of the server; the state is as it was."],
  ["ER_LOCK_WAIT_TIMEOUT", "Another transaction holds the state for too long; see SHOW PROCESSLIST, and try again."],
  ...networkHints("MySQL", "mysqlStore({ url })"),
  ["HANDSHAKE_SSL_ERROR", "Pass the authority's certificate: mysqlStore({ connection: { ssl: { ca } } })."],
  ["HANDSHAKE_NO_SSL_SUPPORT", "Switch TLS on in the server, or leave 'ssl' out."],
];
