import { driverTimeout, loadDriver } from "../driver/load.ts";
import type { SqlConnection, SqlDatabase } from "../sql/engine.ts";

/** The members of a mysql2 pool that the store uses. The pool may use callbacks, where `promise` returns the other kind, or promises. */
export interface MysqlPool {
  getConnection(...args: never[]): unknown;
  promise?(...args: never[]): unknown;
  /** On a pool with callbacks; a pool with promises has it as `pool`. */
  readonly config?: object;
  readonly pool?: { readonly config?: object };
}

interface PromisePool {
  getConnection(): Promise<MysqlConnection>;
}

interface MysqlConnection {
  query(sql: string): Promise<readonly unknown[]>;
  execute(sql: string, parameters: unknown[]): Promise<readonly unknown[]>;
  release(): void;
  destroy(): void;
}

export interface OwnPool extends MysqlPool {
  end(): Promise<void>;
}

interface PooledConnection {
  readonly stream?: { ref?(): unknown; unref?(): unknown };
}

const MAX_CONNECTIONS = 4;
/** The number of prepared statements that a connection keeps. */
const MAX_STATEMENTS = 100;
/** Seconds after which the server closes a connection that the network has lost, and releases its locks. */
const MAX_SILENCE_SECONDS = 60;

export async function openPool(settings: Readonly<Record<string, unknown>>, timeout: number): Promise<OwnPool> {
  const { default: mysql } = await loadDriver("mysqlStore", "mysql2", () => import("mysql2/promise"));
  const pool = mysql.createPool({
    connectionLimit: MAX_CONNECTIONS,
    maxPreparedStatements: MAX_STATEMENTS,
    connectTimeout: driverTimeout(timeout),
    enableKeepAlive: true,
    ...settings,
  });
  pool.pool.on("connection", (connection) =>
    connection.query(`set session wait_timeout = ${MAX_SILENCE_SECONDS}`, () => {}),
  );
  // An idle connection does not keep the process alive.
  pool.pool.on("acquire", (connection: PooledConnection) => connection.stream?.ref?.());
  pool.pool.on("release", (connection: PooledConnection) => connection.stream?.unref?.());
  return pool;
}

/** Returns the settings of a pool; `null` if they are unknown, as for a pool over several servers. */
export function settingsOf({ config, pool }: MysqlPool): Readonly<Record<string, unknown>> | null {
  const { connectionConfig } = Object(config ?? pool?.config) as { readonly connectionConfig?: object };
  return connectionConfig === undefined ? null : { ...connectionConfig };
}

/** Does not close the pool: its owner does. */
export function poolDatabase(pool: MysqlPool): SqlDatabase {
  const promises = (pool.promise?.() ?? pool) as PromisePool;
  return { connect: async () => toConnection(await promises.getConnection()), close: async () => {} };
}

function toConnection(connection: MysqlConnection): SqlConnection {
  return {
    async query(sql, parameters) {
      // Prepared if it has parameters: the escaping of texts depends on a setting of the server.
      const [rows] = await (parameters.length === 0 ? connection.query(sql) : connection.execute(sql, [...parameters]));
      return { rows: Array.isArray(rows) ? rows : [] };
    },
    release: (lost) => (lost ? connection.destroy() : connection.release()),
  };
}
