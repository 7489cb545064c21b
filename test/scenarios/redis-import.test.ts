import { createClient } from "redis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { redisStore } from "../../src/stores/redis.ts";
import type { StateChange, StateContent } from "../../src/stores/store.ts";
import { change } from "../../src/testing/stores/session.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";

const CHANGES = 400;
const STAGED = "{maintenance:}import:*";

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("a state that is copied into Redis", () => {
  let server: RedisServer;
  let admin: ReturnType<typeof createClient>;
  beforeAll(async () => {
    server = await startRedis({ appendonly: "no" });
    admin = createClient({ url: server.url });
    await admin.connect();
  });
  beforeEach(() => admin.flushAll());
  afterAll(async () => {
    admin?.destroy();
    await server?.stop();
  });

  function content(): StateContent {
    const history = Array.from({ length: CHANGES }, (_, index): StateChange => {
      const by = { kind: "program", label: "test" } as const;
      const version = CHANGES - index;
      return {
        lineage: "elsewhere",
        version,
        command: "close",
        records: [],
        at: "2026-01-02T03:04:05Z",
        by,
        reason: "",
      };
    });
    const records = Array.from({ length: 3_000 }, (_, index) => ({ id: `site-${index}`, version: 1, text: "{}" }));
    return { lineage: "elsewhere", version: CHANGES, records, history };
  }

  /** Opens a store whose client calls `before` with the name of each command before it sends it. */
  async function watched(before: (name: string) => Promise<void>) {
    const client = createClient({ url: server.url });
    await client.connect();
    const { sendCommand } = client;
    client.sendCommand = (async (args: readonly string[], options: object) => {
      await before(args[0] ?? "");
      return sendCommand.call(client, args, options);
    }) as typeof sendCommand;
    return { store: redisStore({ client }), end: () => client.destroy() };
  }

  const staged = () => admin.keys(STAGED);

  test.each(["sites", "changes"])("is refused as a whole if the prepared %s have expired", async (part) => {
    const { store, end } = await watched(async (name) => {
      if (!name.startsWith("EVAL")) return;
      const keys = (await staged()).filter((key) => key.endsWith(part));
      if (keys.length > 0) await admin.del(keys);
    });
    const before = await change(store, { shop: { mode: "closed" } });
    await expect(store.importState(content(), before)).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringContaining("nothing was replaced"),
    });
    expect(await store.load()).toMatchObject({ version: 1, records: [{ id: "shop" }] });
    expect(await staged()).toEqual([]);
    end();
  });

  test("may take longer than the lifetime of the prepared keys", async () => {
    let batches = 0;
    const { store, end } = await watched(async (name) => {
      if (name === "HSET" || name === "XADD") batches += 1;
      // Shortens the lifetime of the keys now and then; each batch must renew that of both.
      if (batches === 2 || batches === 100 || batches === 300)
        for (const key of await staged()) await admin.expire(key, 30);
      if (!name.startsWith("EVAL")) return;
      const left = await Promise.all((await staged()).map((key) => admin.ttl(key)));
      if (left.length > 0) expect(Math.min(...left)).toBeGreaterThan(100);
    });
    expect(await store.importState(content(), { lineage: "", version: 0 })).toMatchObject({ ok: true });
    expect((await store.load()).records).toHaveLength(3_000);
    expect(await store.history({ limit: 1_000 })).toHaveLength(CHANGES);
    end();
  });
});
