import * as v from "valibot";
import { closedObject, validate } from "../validation/validate.ts";
import { ownOption, serverEntries } from "./driver/options.ts";
import { requireOneServer, serverAddress } from "./driver/server.ts";
import { logStore } from "./log/log.ts";
import { explainMysql, mysqlFault } from "./mysql/error.ts";
import { type MysqlPool, openPool, poolDatabase, settingsOf } from "./mysql/pool.ts";
import type { SqlDatabase, SqlEngine } from "./sql/engine.ts";
import { type SqlOptions, sqlEntries } from "./sql/options.ts";
import { sqlStorage } from "./sql/storage.ts";
import type { Store } from "./store.ts";

export type { LogOptions, TimeoutOption } from "./driver/options.ts";
export type { MysqlPool } from "./mysql/pool.ts";
export type { SqlOptions } from "./sql/options.ts";

/** Either your own `client`, or a server: `url`, `connection` or both. */
export interface MysqlStoreOptions extends SqlOptions {
  /** `mysql://USER:PASSWORD@HOST:PORT/DATABASE`. */
  readonly url?: string | undefined;
  /** Options for the driver `mysql2`, passed on unchanged: `{ host, user, password, database, ssl: { ca } }`. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined;
  /** Your own pool of mysql2, with callbacks or with promises, instead of `url`. The store never closes it. */
  readonly client?: MysqlPool | undefined;
  /**
   * Whether to create missing tables on first use.
   * @default false
   */
  readonly autoMigrate?: boolean | undefined;
}

const schema = closedObject({
  url: v.optional(v.string()),
  ...serverEntries,
  client: ownOption<MysqlPool>("getConnection", "expected a pool of mysql2"),
  ...sqlEntries,
  autoMigrate: v.optional(v.boolean(), false),
});

/**
 * Returns a store that keeps the state in MySQL or MariaDB. Any number of servers can share it; they poll for changes. Connects on
 * first use.
 * @example
 * const store = mysqlStore({ url: process.env.DATABASE_URL, autoMigrate: true });
 * @throws `ERR_INVALID_OPTION` for an option that is unknown or invalid, and for no database or more than one.
 */
export function mysqlStore(options: MysqlStoreOptions): Store {
  const checked = validate(schema, options, "ERR_INVALID_OPTION", "mysqlStore");
  const { url, connection, client: pool, ...settings } = checked;
  requireOneServer("mysqlStore", "database", { address: { url }, connection }, { client: pool });
  const given = pool ? settingsOf(pool) : connection;
  const { place, secrets } = serverAddress("mysqlStore", url, given ?? {}, { protocols: ["mysql:"], port: 3306 });
  const name = given === null ? "MySQL in the application's own pool" : `MySQL at ${place}`;
  const { timeout } = settings;
  const open = async (): Promise<SqlDatabase> => {
    if (pool) return poolDatabase(pool);
    const opened = await openPool({ ...connection, ...(url && { uri: url }) }, timeout);
    return { ...poolDatabase(opened), close: () => opened.end() };
  };
  const engine: SqlEngine = {
    kind: "mysql",
    name,
    begin: "start transaction",
    announce: null,
    probe: { version: "select version()", clock: "select unix_timestamp(now(3)) * 1000" },
    ...(pool ? {} : { driver: { mysql2: () => import("mysql2/promise") } }),
    open,
    faultOf: mysqlFault,
    explain: (error) => explainMysql(name, secrets, error),
  };
  return logStore(sqlStorage(engine, { ...settings, schema: null }));
}
