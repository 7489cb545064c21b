import { jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type NatsStoreOptions, natsStore } from "../../src/stores/nats.ts";
import type { Store } from "../../src/stores/store.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_NATS, makeBucket, NATS, type NatsServer, startNats } from "../support/servers/nats.ts";

requireService(
  "NATS",
  INSTALL_NATS,
  NATS !== null,
)("the nats store", () => {
  let server: NatsServer;
  let client: NatsConnection;
  let buckets = 0;

  beforeAll(async () => {
    server = await startNats();
    client = await connect({ servers: server.address });
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });

  const openings: Readonly<Record<string, () => NatsStoreOptions>> = {
    "by its own connection": () => ({ servers: server.address }),
    "by a connection of nats.js": () => ({ client }),
  };

  describe.each(Object.entries(openings))("%s", (_, options) => {
    async function open() {
      buckets += 1;
      const bucket = `bucket-${buckets}`;
      await makeBucket(server.address, bucket);
      const stores: Store[] = [];
      const another = async (): Promise<Store> => {
        const store = natsStore({ ...options(), bucket });
        stores.push(store);
        return store;
      };
      return {
        store: await another(),
        another,
        wipe: async () => void (await (await jetstreamManager(client)).streams.delete(`KV_${bucket}`)),
        backup: () => backUp(client, bucket),
        wipeMembers: async () =>
          void (await (
            await jetstreamManager(client)
          ).streams.purge(`KV_${bucket}`, {
            filter: `$KV.${bucket}.member.*`,
          })),
        damageMember: async (id: string) =>
          void (await (await new Kvm(client).open(bucket)).put(`member.row-${id}`, "damaged")),
        dispose: async () => void (await Promise.all(stores.map((store) => store.close()))),
      };
    }
    for (const { name, run } of storeConformance({ open })) test(name, run);
  });
});

/** Backs up all keys of a bucket, as backup tools do; resolves with a function that restores them. */
async function backUp(client: NatsConnection, bucket: string): Promise<() => Promise<void>> {
  const kv = await new Kvm(client).open(bucket);
  const values: (readonly [string, Uint8Array])[] = [];
  for await (const { key, value } of await kv.history()) values.push([key, value]);
  return async () => {
    await (await jetstreamManager(client)).streams.purge(`KV_${bucket}`);
    for (const [key, value] of values) await kv.put(key, value);
  };
}
