import { fileStore } from "../../../src/stores/file.ts";
import { mysqlStore } from "../../../src/stores/mysql.ts";
import { natsStore } from "../../../src/stores/nats.ts";
import { objectStorageStore } from "../../../src/stores/object-storage.ts";
import { postgresStore } from "../../../src/stores/postgres.ts";
import { redisStore } from "../../../src/stores/redis.ts";
import { sqliteStore } from "../../../src/stores/sqlite.ts";
import type { Store } from "../../../src/stores/store.ts";

const STORES: Readonly<Record<string, (options: object) => Store>> = {
  file: (options) => fileStore(options),
  sqlite: (options) => sqliteStore(options),
  postgres: (options) => postgresStore(options),
  mysql: (options) => mysqlStore(options),
  redis: (options) => redisStore(options),
  nats: (options) => natsStore(options),
  "object-storage": (options) => objectStorageStore({ endpoint: "", bucket: "", ...options }),
};

/** Opens a store by its name and options. Both are plain data, so that they can be passed to another process. */
export function openStoreOf(store: string, options: object): Store {
  const open = STORES[store];
  if (open === undefined) throw new TypeError(`There is no store '${store}'.`);
  return open(options);
}
