import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { afterAll, beforeAll, describe, test } from "vitest";
import { keyvStore } from "../../src/stores/keyv.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";

describe("the keyv store over a map", () => {
  const open = async () => {
    const keyv = new Keyv();
    const store = keyvStore({ client: keyv });
    const wipe = async () => void (await keyv.delete("maintenance.json"));
    return { store, another: async () => keyvStore({ client: keyv }), wipe, dispose: store.close };
  };
  for (const { name, run } of storeConformance({ open })) test(name, run);
});

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("the keyv store over Redis", () => {
  let server: RedisServer;
  let opened = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  const open = async () => {
    const key = `state-${++opened}`;
    const clients: Keyv[] = [];
    const create = () => {
      const client = new Keyv(new KeyvRedis(server.url, { throwOnErrors: true }), { throwOnErrors: true, ttl: 60_000 });
      clients.push(client);
      return keyvStore({ client, key });
    };
    return {
      store: create(),
      another: async () => create(),
      wipe: async () => void (await clients[0]?.delete(key)),
      dispose: async () => void (await Promise.all(clients.map((client) => client.disconnect()))),
    };
  };
  for (const { name, run } of storeConformance({ open })) test(name, run);
});
