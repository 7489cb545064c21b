import * as v from "valibot";
import { closedObject, validate } from "../validation/validate.ts";
import { serverEntries, timeoutOption } from "./driver/options.ts";
import { requireOneServer, serverAddress } from "./driver/server.ts";
import { logStore } from "./log/log.ts";
import { explainPostgres, postgresFault } from "./postgres/error.ts";
import { type PGliteInstance, pgliteDatabase } from "./postgres/pglite.ts";
import { openPool, type PostgresPool, poolDatabase } from "./postgres/pool.ts";
import type { SqlDatabase, SqlEngine } from "./sql/engine.ts";
import { type SqlOptions, schemaOption, sqlEntries } from "./sql/options.ts";
import { sqlStorage } from "./sql/storage.ts";
import type { Store } from "./store.ts";

export type { LogOptions, TimeoutOption } from "./driver/options.ts";
export type { PGliteInstance } from "./postgres/pglite.ts";
export type { PostgresClient, PostgresPool } from "./postgres/pool.ts";
export type { SqlOptions } from "./sql/options.ts";

/** Either your own `client`, or a server: `url`, `connection` or both. */
export interface PostgresStoreOptions extends SqlOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with any parameter that the driver reads, such as `?sslmode=verify-full`. */
  readonly url?: string | undefined;
  /** Options for the driver `pg`, passed on unchanged: `{ host, user, password, ssl: { ca } }`. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Your own `Pool` of pg, one of whose connections listens for changes, or your own PGlite, instead of `url`. The store never closes it.
   */
  readonly client?: PostgresPool | PGliteInstance | undefined;
  /**
   * The schema of the tables.
   * @default the current schema of the connection, usually `public`
   */
  readonly schema?: string | undefined;
  /**
   * Whether to create missing tables on first use.
   * @default false
   */
  readonly autoMigrate?: boolean | undefined;
  /**
   * Milliseconds between two checks of the connection that listens for changes: 10 to 600,000.
   * @default 15_000
   */
  readonly heartbeat?: number | undefined;
}

const schema = closedObject({
  url: v.optional(v.string()),
  ...serverEntries,
  client: v.optional(
    v.custom<PostgresPool | PGliteInstance>(
      (value) => isPool(value) || isPGlite(value),
      "expected a Pool of pg, or a PGlite",
    ),
  ),
  schema: schemaOption,
  ...sqlEntries,
  heartbeat: v.optional(timeoutOption, 15_000),
  autoMigrate: v.optional(v.boolean(), false),
});

/** Bytes of a notification: PostgreSQL refuses 8,000. */
const MAX_PAYLOAD = 7_999;

/**
 * Returns a store that keeps the state in PostgreSQL. Any number of servers can share it; PostgreSQL notifies them of each change.
 * Connects on first use.
 * @example
 * const store = postgresStore({ url: process.env.DATABASE_URL, autoMigrate: true });
 * @throws `ERR_INVALID_OPTION` for an option that is unknown or invalid, and for no database or more than one.
 */
export function postgresStore(options: PostgresStoreOptions): Store {
  const checked = validate(schema, options, "ERR_INVALID_OPTION", "postgresStore");
  const { url, connection, client, heartbeat, ...settings } = checked;
  requireOneServer("postgresStore", "database", { address: { url }, connection }, { client });
  const pglite = isPGlite(client) ? client : undefined;
  const pool = isPool(client) ? client : undefined;
  const { connectionString, ...given }: Readonly<Record<string, unknown>> = { ...connection, ...pool?.options };
  const address = url ?? (typeof connectionString === "string" ? connectionString : undefined);
  const { place, secrets } = serverAddress("postgresStore", address, given, {
    protocols: ["postgres:", "postgresql:"],
    port: 5432,
  });
  const name = `PostgreSQL ${pglite ? "in PGlite" : `at ${place}`}`;
  const channel = `${settings.tablePrefix}changes`;
  const { timeout } = settings;
  const listening = { name, channel, timeout, heartbeat };
  const open = async (): Promise<SqlDatabase> => {
    if (pglite) return pgliteDatabase(pglite, listening);
    if (pool) return poolDatabase(pool, listening);
    const opened = await openPool({ ...connection, ...(url && { connectionString: url }) }, timeout);
    return { ...poolDatabase(opened, listening), close: () => opened.end() };
  };
  const engine: SqlEngine = {
    kind: "postgres",
    name,
    begin: pglite ? "begin" : beginWithin(timeout),
    announce: { sql: `select pg_notify('${channel}', $1)`, maxBytes: MAX_PAYLOAD },
    probe: { version: "select version()", clock: "select extract(epoch from clock_timestamp()) * 1000" },
    ...(client ? {} : { driver: { pg: () => import("pg") } }),
    open,
    faultOf: postgresFault,
    explain: (error) => explainPostgres(name, secrets, error),
    watch: async (use, listener, signal) => (await use()).listen?.(listener, signal),
  };
  return logStore(sqlStorage(engine, { ...settings, schema: settings.schema ?? null }));
}

function isPool(value: unknown): value is PostgresPool {
  return typeof Object(value).connect === "function";
}

function isPGlite(value: unknown): value is PGliteInstance {
  return typeof Object(value).transaction === "function" && !isPool(value);
}

/** Sets time limits in the server: without them, a broken connection would keep its locks for hours. */
function beginWithin(timeout: number): string {
  const limits = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];
  return ["begin isolation level read committed", ...limits.map((limit) => `set local ${limit} = ${timeout}`)].join(
    "; ",
  );
}
