import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type RedisStoreOptions, redisStore } from "../../src/stores/redis.ts";
import type { Store } from "../../src/stores/store.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";

const KEYS = ["head", "sites", "changes"].map((key) => `{maintenance:}${key}`);
const MEMBERS = "{maintenance:}members";

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("the redis store", () => {
  let server: RedisServer;
  const clients: { disconnect(): unknown }[] = [];

  beforeAll(async () => {
    server = await startRedis({ appendonly: "no" });
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server?.stop();
  });

  const openings: Readonly<Record<string, () => Promise<RedisStoreOptions>>> = {
    "by its own connection": async () => ({ url: server.url }),
    "by a client of node-redis": async () => {
      const client = createClient({ url: server.url });
      clients.push(client);
      await client.connect();
      return { client };
    },
    "by a client of ioredis": async () => {
      const client = new Redis(server.url);
      clients.push(client);
      return { client };
    },
  };

  describe.each(Object.entries(openings))("%s", (_, options) => {
    async function open() {
      const given = await options();
      const stores: Store[] = [];
      const another = async (): Promise<Store> => {
        const store = redisStore(given);
        stores.push(store);
        return store;
      };
      await server.command("FLUSHALL");
      return {
        store: await another(),
        another,
        wipe: async () => void (await server.command("FLUSHALL")),
        backup: async () => {
          await Promise.all(KEYS.map((key) => server.command("COPY", key, `backup:${key}`)));
          return async () => {
            await server.command("DEL", ...KEYS);
            await Promise.all(KEYS.map((key) => server.command("COPY", `backup:${key}`, key)));
          };
        },
        wipeMembers: async () => void (await server.command("DEL", MEMBERS)),
        damageMember: async (id: string) => void (await server.command("HSET", MEMBERS, `row-${id}`, "damaged")),
        dispose: async () => void (await Promise.all(stores.map((store) => store.close()))),
      };
    }
    for (const { name, run } of storeConformance({ open })) test(name, run);
  });
});
