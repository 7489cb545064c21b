import { DatabaseSync } from "node:sqlite";
import { type SqliteStoreOptions, sqliteStore } from "../../../src/stores/sqlite.ts";
import type { Store } from "../../../src/stores/store.ts";
import { startCountingRelay } from "./counting-relay.ts";
import { openStoreOf } from "./open-store-of.ts";
import type { StoreKind, StoreServer } from "./store-kinds.ts";

/** A store that measures what its calls cost. */
export interface MeteredStore {
  readonly store: Store;
  /** Returns the cost since the last call: bytes to and from the server, or for SQLite the rows read and written. */
  taken(): number;
  close(): Promise<void>;
}

/** Opens a metered store over the place `id`. */
export async function openMetered<Server extends StoreServer>(
  kind: StoreKind<Server>,
  server: Server,
  id: string,
): Promise<MeteredStore> {
  if (server.port === 0) return meteredSqlite(kind.options(server, id, 0));
  const relay = await startCountingRelay(server.port);
  // Long intervals, so that the traffic of connection checks is not counted.
  const quiet = { timeout: 600_000, ...(kind.store === "postgres" && { heartbeat: 600_000 }) };
  const store = openStoreOf(kind.store, { ...kind.options(server, id, relay.port), ...quiet });
  return {
    store,
    taken: relay.taken,
    async close() {
      await store.close();
      await relay.close();
    },
  };
}

function meteredSqlite({ path = "" }: SqliteStoreOptions): MeteredStore {
  const database = new DatabaseSync(path);
  const changes = database.prepare("select total_changes() as count");
  const written = (): number => Number(changes.get()?.count);
  let before = written();
  let read = 0;
  const store = sqliteStore({
    client: {
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
      prepare(sql) {
        const statement = database.prepare(sql);
        const all = (...parameters: readonly never[]): unknown[] => {
          const rows = statement.all(...parameters);
          read += rows.length;
          return rows;
        };
        return { all, run: all };
      },
    },
  });
  return {
    store,
    taken() {
      const rows = read + written() - before;
      read = 0;
      before = written();
      return rows;
    },
    async close() {
      await store.close();
      database.close();
    },
  };
}
