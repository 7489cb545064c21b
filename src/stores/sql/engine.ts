import { MaintenanceError } from "../../errors.ts";
import type { MessageListener } from "../log/log.ts";

export interface SqlResult {
  readonly rows: readonly unknown[];
}

/** A connection that one call uses. */
export interface SqlConnection {
  /**
   * An embedded database returns its result synchronously, so that a transaction ends before other code of this process runs,
   * including the owner of the connection.
   */
  query(sql: string, parameters: readonly unknown[]): SqlResult | Promise<SqlResult>;
  /** Returns the connection to its pool; destroys it if it is `lost`. */
  release(lost: boolean): void;
}

/** A database that was opened. */
export interface SqlDatabase {
  /** Resolves with a connection for exclusive use. A caller that has stopped waiting releases it when it arrives. */
  connect(): Promise<SqlConnection>;
  /** As `Store.watch`, if the server notifies of changes. */
  listen?(listener: MessageListener, signal: AbortSignal): Promise<void>;
  /** Whether the file was deleted or replaced. The storage then closes this database and opens the new one. */
  isGone?(): boolean;
  /** Closes only what was opened here. Idempotent. */
  close(): Promise<void>;
}

/** The meaning of a driver's error for the caller. */
export type SqlFault = "no-table" | "duplicate" | "busy" | "other";

/** Facts about the server, for `examine`. */
export interface SqlProbe {
  /** Query that returns one row with one column, the version. */
  readonly version: string;
  /** Query that returns one row with one column, milliseconds since the epoch; `null` if the database uses the clock of this machine. */
  readonly clock: string | null;
}

/** The statement at the end of each transaction that changed something; its only parameter is the message. */
export interface SqlAnnouncement {
  readonly sql: string;
  readonly maxBytes: number;
}

/** The differences between the databases. */
export interface SqlEngine {
  /** The SQL dialect. */
  readonly kind: "sqlite" | "postgres" | "mysql";
  /** Name and address, without secrets. */
  readonly name: string;
  /** Statement that begins a transaction that may write. */
  readonly begin: string;
  readonly announce: SqlAnnouncement | null;
  readonly probe: SqlProbe;
  /** The packages that `open` imports, by name; absent if it imports none that may be missing. */
  readonly driver?: Readonly<Record<string, () => Promise<unknown>>>;
  /** Loads the driver and opens the database. Called again after it has rejected. */
  open(): Promise<SqlDatabase>;
  /** Whether there is no database yet: the first write creates it. */
  isAbsent?(): boolean;
  faultOf(error: unknown): SqlFault;
  /** Turns an error of the driver into the error for the user. */
  explain(error: unknown): MaintenanceError;
  /** As `Store.watch`; `use` returns the database. */
  watch?(use: () => Promise<SqlDatabase>, listener: MessageListener, signal: AbortSignal): Promise<void>;
}

/** Settings of every SQL store. */
export interface SqlSettings {
  /** Prefix of the names of all tables. */
  readonly tablePrefix: string;
  /** Schema of the tables; `null` for the connection's own. */
  readonly schema: string | null;
  /** Number of changes that the log keeps. */
  readonly keepChanges: number;
  /** Whether the first call creates missing tables. */
  readonly autoMigrate: boolean;
  /** Time limit in milliseconds for the connection and for each query. */
  readonly timeout: number;
}

/** Returns the error for a database that a later release has migrated. */
export function unknownStep(name: string): MaintenanceError {
  const message = `The database has the migration '${name}', which this release does not know.`;
  return new MaintenanceError("ERR_STATE_TOO_NEW", message);
}
