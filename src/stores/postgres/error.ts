import type { MaintenanceError } from "../../errors.ts";
import { type DriverHints, driverCode, driverError, hintAmong, networkHints } from "../driver/error.ts";
import type { SqlFault } from "../sql/engine.ts";

/** SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const FAULTS: Readonly<Record<string, SqlFault>> = {
  "42P01": "no-table",
  "3F000": "no-table",
  "23505": "duplicate",
  "40001": "busy",
  "40P01": "busy",
  "55P03": "busy",
};

export function postgresFault(error: unknown): SqlFault {
  return FAULTS[driverCode(error)] ?? "other";
}

/** Returns the error that the user gets. */
export function explainPostgres(name: string, secrets: readonly unknown[], error: unknown): MaintenanceError {
  return driverError(name, error, secrets, hintAmong(HINTS, error));
}

const HINTS: DriverHints = [
  ["28P01", "Fix the user name or the password of postgresStore({ url })."],
  ["28000", "Fix the user name of postgresStore({ url }), or let it in from here: pg_hba.conf."],
  ["SASL", "Fix the password of postgresStore({ url })."],
  ["3D000", "Create the database, or fix its name in postgresStore({ url })."],
  ["42501", "Grant this user the permissions in docs/stores-sql.md of this package, with GRANT."],
  ["25006", "This server accepts no writes and may be a replica: use the primary in postgresStore({ url })."],
  ["53100", "Free some space on the disk of the server; the state is as it was."],
  [
    "53300",
    "The server has no connection left: raise max_connections, or share a pool: postgresStore({ client: pool }).",
  ],
  ["55P03", "Another transaction holds the state for too long; see which in pg_stat_activity, and try again."],
  ["57P03", "The server is starting or ending; it will answer soon."],
  ...networkHints("PostgreSQL", "postgresStore({ url })"),
  ["certificate", "Pass the authority's certificate: postgresStore({ connection: { ssl: { ca } } })."],
  ["does not support SSL", "Switch TLS on in the server, or leave it out of postgresStore({ url })."],
];
