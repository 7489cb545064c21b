import * as v from "valibot";
import { closedObject, validate } from "../validation/validate.ts";
import { connectionOption, keepChangesOption, timeoutOption } from "./driver/options.ts";
import { requireOneServer, serverAddress } from "./driver/server.ts";
import { logStore } from "./log/log.ts";
import { explainMysql, mysqlFault } from "./mysql/error.ts";
import { type MysqlPool, openPool, poolDatabase, settingsOf } from "./mysql/pool.ts";
import type { SqlDatabase, SqlEngine } from "./sql/engine.ts";
import { type SqlOptions, tablePrefixOption } from "./sql/options.ts";
import { sqlStorage } from "./sql/storage.ts";
import type { Store, StoreCapabilities } from "./store.ts";

export interface MysqlStoreOptions extends SqlOptions {
  /** `mysql://USER:PASSWORD@HOST:PORT/DATABASE`. */
  readonly url?: string | undefined;
  /** What else the driver `mysql2` takes, as it takes it: `{ host, user, password, database, ssl: { ca } }`. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined;
  /** Your own pool of mysql2, with callbacks or with promises, instead of `url`. It is never closed. */
  readonly pool?: MysqlPool | undefined;
  /** Makes the tables when they are missing. Default: false. */
  readonly autoMigrate?: boolean | undefined;
}

export const MYSQL_CAPABILITIES: StoreCapabilities = {
  compareAndSet: true,
  readAfterWrite: "strong",
  push: false,
  shared: true,
  separateRecords: true,
};

const schema = closedObject({
  url: v.optional(v.string()),
  connection: connectionOption,
  pool: v.optional(
    v.custom<MysqlPool>(
      (value) => typeof (value as MysqlPool | null)?.getConnection === "function",
      "expected a pool of mysql2",
    ),
  ),
  tablePrefix: tablePrefixOption,
  keepChanges: keepChangesOption,
  timeout: timeoutOption,
  autoMigrate: v.optional(v.boolean(), false),
});

/**
 * Keeps the state in MySQL or MariaDB, shared by any number of servers, which poll for changes. Does nothing until it is used. Throws
 * `ERR_INVALID_OPTION`.
 */
export function mysqlStore(options: MysqlStoreOptions): Store {
  const checked = validate(schema, options, "ERR_INVALID_OPTION", "mysqlStore");
  const { url, connection, pool, ...settings } = checked;
  requireOneServer("mysqlStore", "database", { address: { url }, connection }, { pool });
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
    capabilities: MYSQL_CAPABILITIES,
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
