import { MaintenanceError } from "../../errors.ts";

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
  listen?(listener: () => void, signal: AbortSignal): Promise<void>;
  /** Whether the file was deleted or replaced. The storage then closes this database and opens the new one. */
  isGone?(): boolean;
  /** Closes only what was opened here. Idempotent. */
  close(): Promise<void>;
}

/** The meaning of a driver's error for the caller. */
export type SqlFault = "no-table" | "duplicate" | "busy" | "other";

/** What is known of the server beside the tables: for `examine`. */
export interface SqlProbe {
  /** Gives one row with one column, the version. */
  readonly version: string;
  /** Gives one row with one column, milliseconds since the epoch. `null`: it has our clock. */
  readonly clock: string | null;
}

/** What differs between the databases. */
export interface SqlEngine {
  /** Which SQL it speaks. */
  readonly kind: "sqlite" | "postgres" | "mysql";
  /** Where it is, without secrets. */
  readonly name: string;
  /** Begins a transaction that may write. */
  readonly begin: string;
  /** Run in each transaction that changed something, before its end. */
  readonly announce: string | null;
  readonly probe: SqlProbe;
  /** What `open` imports, by the name of its package; absent where it imports nothing that may be missing. */
  readonly driver?: Readonly<Record<string, () => Promise<unknown>>>;
  /** Loads the driver and opens the database. Called again after it has rejected. */
  open(): Promise<SqlDatabase>;
  /** Whether there is no database yet: the first write creates it. */
  isAbsent?(): boolean;
  faultOf(error: unknown): SqlFault;
  /** The error that a user gets for one of the driver's. */
  explain(error: unknown): MaintenanceError;
  /** As `Store.watch`; `use` gives the database. */
  watch?(use: () => Promise<SqlDatabase>, listener: () => void, signal: AbortSignal): Promise<void>;
}

/** What a user may choose of every database. */
export interface SqlSettings {
  /** What the names of all tables begin with. */
  readonly tablePrefix: string;
  /** The schema that they are in; `null`: the connection's own. */
  readonly schema: string | null;
  /** How many changes the log keeps. */
  readonly keepChanges: number;
  /** Missing tables are made by the first call. */
  readonly autoMigrate: boolean;
  /** Milliseconds for the connection, and for each query. */
  readonly timeout: number;
}

/** A migration of a later release stands in the way of this one's. */
export function unknownStep(name: string): MaintenanceError {
  const message = `The database has taken the migration '${name}', which is unknown here.`;
  return new MaintenanceError("ERR_STATE_TOO_NEW", message);
}
