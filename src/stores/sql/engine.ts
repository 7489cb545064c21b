import { MaintenanceError } from "../../errors.ts";

export interface SqlResult {
  readonly rows: readonly unknown[];
}

/** A connection in the hands of one call. */
export interface SqlConnection {
  /**
   * An embedded database answers at once, with no promise: so a transaction is over before anybody else in this process has
   * a turn, the owner of the connection included.
   */
  query(sql: string, parameters: readonly unknown[]): SqlResult | Promise<SqlResult>;
  /** Gives it back. Once it is `lost`, ends it: nobody waits any more for what is under way on it. */
  release(lost: boolean): void;
}

/** A database that was opened. */
export interface SqlDatabase {
  /** One that nobody else uses. Whoever asks may stop waiting, and gives it back when it comes. */
  connect(): Promise<SqlConnection>;
  /** As `Store.watch`, where the server tells of changes. */
  listen?(listener: () => void, signal: AbortSignal): Promise<void>;
  /** It is another one by now: a file that was deleted or replaced. It is closed, and the engine opens the new one. */
  isGone?(): boolean;
  /** Closes what was opened, and no more. Idempotent. */
  close(): Promise<void>;
}

/** What an error of a driver means to whoever sent the query. */
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
  /** Nobody has written yet, and there is nothing to open before somebody does. */
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
