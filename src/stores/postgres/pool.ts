import { MaintenanceError } from "../../errors.ts";
import { driverTimeout, loadDriver } from "../driver/load.ts";
import type { SqlConnection, SqlDatabase } from "../sql/engine.ts";
import { type PostgresChannel, watchPostgres } from "./watch.ts";

/** The members of a `Pool` of pg that the store uses. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on?(...args: never[]): unknown;
  readonly options?: object;
}

export interface PostgresClient {
  query(sql: string, parameters?: unknown[]): Promise<{ readonly rows: unknown[] } | readonly unknown[]>;
  on(event: "error" | "end" | "notification", listener: (detail: unknown) => void): unknown;
  release(destroy?: boolean): void;
  unref?(): void;
}

export interface OwnPool extends PostgresPool {
  end(): Promise<void>;
}

/** One connection listens; the others serve concurrent calls. */
const MAX_CONNECTIONS = 4;

export async function openPool(settings: Readonly<Record<string, unknown>>, timeout: number): Promise<OwnPool> {
  const { default: pg } = await loadDriver("postgresStore", "pg", () => import("pg"));
  return new pg.Pool({
    max: MAX_CONNECTIONS,
    application_name: "maintenance-mode",
    connectionTimeoutMillis: driverTimeout(timeout),
    keepAlive: true,
    keepAliveInitialDelayMillis: timeout,
    allowExitOnIdle: true,
    ...settings,
  });
}

interface PoolEvents {
  on?(event: "connect" | "acquire" | "error", listener: (client: PostgresClient) => void): unknown;
}

const guarded = new WeakSet<object>();

/**
 * Adds error listeners, so that a connection closed by the server does not end the process. The pool removes its own listener before its
 * caller can add one: an error in between would be uncaught. Queries that are under way on the connection reject.
 */
function guardPool(pool: PoolEvents): void {
  if (guarded.has(pool)) return;
  guarded.add(pool);
  const ignore = (): void => {};
  const guardClient = (client: PostgresClient): void => {
    if (guarded.has(client)) return;
    guarded.add(client);
    client.on("error", ignore);
  };
  pool.on?.("connect", guardClient);
  // Connections that the pool had before it was passed to the store.
  pool.on?.("acquire", guardClient);
  pool.on?.("error", ignore);
}

/** Does not close the pool: its owner does. */
export function poolDatabase(pool: PostgresPool, listening: PostgresChannel): SqlDatabase {
  guardPool(pool as PoolEvents);
  return {
    connect: async () => toConnection(await pool.connect()),
    close: async () => {},
    async listen(listener, signal) {
      if ({ max: 0, ...pool.options }.max === 1) {
        throw new MaintenanceError(
          "ERR_STORE_UNAVAILABLE",
          `${listening.name}: the pool has only one connection, and none is left for LISTEN.`,
          {
            hint: "Set the pool's max to 2 or more. Until then, changes are found by polling.",
          },
        );
      }
      await watchPostgres(() => pool.connect(), listening, listener, signal);
    },
  };
}

function toConnection(client: PostgresClient): SqlConnection {
  return {
    async query(sql, parameters) {
      const result = await client.query(sql, [...parameters]);
      return "rows" in result ? result : { rows: [] };
    },
    release: (lost) => client.release(lost),
  };
}
