import { MaintenanceError } from "../errors.ts";
import { loadDriver } from "./load-driver.ts";
import { type PostgresChannel, watchPostgres } from "./postgres-watch.ts";
import type { SqlConnection, SqlDatabase } from "./sql/engine.ts";

/** What is used of a `Pool` of pg. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  readonly options?: object;
}

export interface PostgresClient {
  query(sql: string, parameters?: unknown[]): Promise<{ readonly rows: unknown[] } | readonly unknown[]>;
  on(event: "error" | "end" | "notification", listener: (detail: unknown) => void): unknown;
  removeListener(event: "error" | "end" | "notification", listener: (detail: unknown) => void): unknown;
  release(destroy?: boolean): void;
  unref?(): void;
}

export interface OwnPool extends PostgresPool {
  end(): Promise<void>;
}

/** One listens, and the others do what calls come in at once. */
const MOST_CONNECTIONS = 4;

export async function openPool(settings: Readonly<Record<string, unknown>>, timeout: number): Promise<OwnPool> {
  const { default: pg } = await loadDriver("postgresStore", "pg", () => import("pg"));
  const pool = new pg.Pool({
    max: MOST_CONNECTIONS,
    application_name: "maintenance-mode",
    connectionTimeoutMillis: timeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: timeout,
    allowExitOnIdle: true,
    ...settings,
  });
  // An idle connection that the server ends is replaced by the next call. Without a listener it would end the process.
  pool.on("error", () => {});
  return pool;
}

/** Closes nothing: whoever opened the pool does. */
export function poolDatabase(pool: PostgresPool, listening: PostgresChannel): SqlDatabase {
  return {
    connect: async () => toConnection(await pool.connect()),
    close: async () => {},
    async listen(listener, signal) {
      if ({ max: 0, ...pool.options }.max === 1) {
        throw new MaintenanceError(
          "ERR_STORE_UNAVAILABLE",
          `${listening.name}: the pool has one connection, and none is left to listen.`,
          {
            hint: "Give the pool a max of 2 or more. Changes are found by polling meanwhile.",
          },
        );
      }
      await watchPostgres(() => pool.connect(), listening, listener, signal);
    },
  };
}

function toConnection(client: PostgresClient): SqlConnection {
  // A connection that breaks while no query is under way says so here; the next query on it rejects.
  const ignore = (): void => {};
  client.on("error", ignore);
  return {
    async query(sql, parameters) {
      const result = await client.query(sql, [...parameters]);
      return "rows" in result ? result : { rows: [] };
    },
    release(lost) {
      if (!lost) client.removeListener("error", ignore);
      client.release(lost);
    },
  };
}
