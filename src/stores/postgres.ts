import * as v from "valibot";
import { closedObject, validate } from "../validation/validate.ts";
import { connectionOption, keepChangesOption, timeoutOption } from "./driver/options.ts";
import { requireOneServer, serverAddress } from "./driver/server.ts";
import { logStore } from "./log/log.ts";
import { explainPostgres, postgresFault } from "./postgres/error.ts";
import { type PGliteInstance, pgliteDatabase } from "./postgres/pglite.ts";
import { openPool, type PostgresPool, poolDatabase } from "./postgres/pool.ts";
import type { SqlDatabase, SqlEngine } from "./sql/engine.ts";
import { type SqlOptions, schemaOption, tablePrefixOption } from "./sql/options.ts";
import { sqlStorage } from "./sql/storage.ts";
import type { Store, StoreCapabilities } from "./store.ts";

export interface PostgresStoreOptions extends SqlOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with what else the driver reads there, such as `?sslmode=verify-full`. */
  readonly url?: string | undefined;
  /** What else the driver `pg` takes, as it takes it: `{ host, user, password, ssl: { ca } }`. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined;
  /** Your own `Pool` of pg, instead of `url`; one of its connections listens for changes. It is never closed. */
  readonly pool?: PostgresPool | undefined;
  /** Your own PGlite, instead of `url`. It is never closed. */
  readonly pglite?: PGliteInstance | undefined;
  /** The schema of the tables. Default: the connection's own, mostly `public`. */
  readonly schema?: string | undefined;
  /** Makes the tables when they are missing. Default: false. */
  readonly autoMigrate?: boolean | undefined;
  /** Milliseconds between two questions whether the connection that listens is still alive, 10 to 600,000. Default: 15,000. */
  readonly heartbeat?: number | undefined;
}

export const POSTGRES_CAPABILITIES: StoreCapabilities = {
  compareAndSet: true,
  readAfterWrite: "strong",
  push: true,
  shared: true,
  separateRecords: true,
};

const schema = closedObject({
  url: v.optional(v.string()),
  connection: connectionOption,
  pool: v.optional(
    v.custom<PostgresPool>(
      (value) => typeof (value as PostgresPool | null)?.connect === "function",
      "expected a Pool of pg",
    ),
  ),
  pglite: v.optional(
    v.custom<PGliteInstance>(
      (value) => typeof (value as PGliteInstance | null)?.transaction === "function",
      "expected a PGlite",
    ),
  ),
  tablePrefix: tablePrefixOption,
  schema: schemaOption,
  keepChanges: keepChangesOption,
  timeout: timeoutOption,
  heartbeat: v.optional(timeoutOption, 15_000),
  autoMigrate: v.optional(v.boolean(), false),
});

/**
 * Keeps the state in PostgreSQL, shared by any number of servers, which are told of each change. Does nothing until it is used. Throws
 * `ERR_INVALID_OPTION`.
 */
export function postgresStore(options: PostgresStoreOptions): Store {
  const checked = validate(schema, options, "ERR_INVALID_OPTION", "postgresStore");
  const { url, connection, pool, pglite, heartbeat, ...settings } = checked;
  requireOneServer("postgresStore", "database", { address: { url }, connection }, { pool, pglite });
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
    capabilities: POSTGRES_CAPABILITIES,
    begin: pglite ? "begin" : beginWithin(timeout),
    announce: `select pg_notify('${channel}', '')`,
    probe: { version: "select version()", clock: "select extract(epoch from clock_timestamp()) * 1000" },
    ...(pglite || pool ? {} : { driver: { pg: () => import("pg") } }),
    open,
    faultOf: postgresFault,
    explain: (error) => explainPostgres(name, secrets, error),
    watch: async (use, listener, signal) => (await use()).listen?.(listener, signal),
  };
  return logStore(sqlStorage(engine, { ...settings, schema: settings.schema ?? null }));
}

/** The server ends by itself what nobody waits for any more: a connection that broke would else hold its locks for hours. */
function beginWithin(timeout: number): string {
  const limits = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];
  return ["begin isolation level read committed", ...limits.map((limit) => `set local ${limit} = ${timeout}`)].join(
    "; ",
  );
}
