import type { Store } from "../../src/stores/store.ts";
import type { Place } from "./places.ts";

/** Opens the store of a place, in a process that loads no other store. */
export async function openStore({ store, options }: Place): Promise<Store> {
  switch (store) {
    case "file":
      return (await import("../../dist/stores/file.js")).fileStore(options);
    case "sqlite":
      return (await import("../../dist/stores/sqlite.js")).sqliteStore(options);
    case "postgres":
      return (await import("../../dist/stores/postgres.js")).postgresStore(options);
    case "mysql":
      return (await import("../../dist/stores/mysql.js")).mysqlStore(options);
    case "redis":
      return (await import("../../dist/stores/redis.js")).redisStore(options);
    case "nats":
      return (await import("../../dist/stores/nats.js")).natsStore(options);
    default: {
      const { objectStorageStore } = await import("../../dist/stores/object-storage.js");
      return objectStorageStore({ endpoint: "", bucket: "", ...options });
    }
  }
}

/** The argument of the programs of `bench/flip`. */
export function placeOf(argument: string | undefined): Place {
  return JSON.parse(argument ?? "{}");
}
