import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterEach, describe, expect, test } from "vitest";
import { parseState } from "../../src/state/parse-state.ts";
import { type RedisStoreOptions, redisStore } from "../../src/stores/redis.ts";
import type { Store } from "../../src/stores/store.ts";
import { change, contentOf } from "../../src/testing/stores/session.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("the redis store and its server", () => {
  const stores: Store[] = [];
  const servers: RedisServer[] = [];

  async function start(settings?: Readonly<Record<string, string>>): Promise<RedisServer> {
    const server = await startRedis({ appendonly: "no", ...settings });
    servers.push(server);
    return server;
  }
  function open(options: RedisStoreOptions): Store {
    const store = redisStore(options);
    stores.push(store);
    return store;
  }
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  test.each(["node-redis", "ioredis"])("a client of %s stays open, whatever happens to the store", async (kind) => {
    const { url } = await start();
    const client = kind === "ioredis" ? new Redis(url) : await createClient({ url }).connect();
    const store = open({ client });
    await change(store, { shop: CLOSED });
    const watching = store.watch?.(() => {}, { signal: new AbortController().signal });
    const ended = expect(watching).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
    await store.close();
    await ended;
    expect("call" in client ? await client.ping() : await client.ping()).toBe("PONG");
    client.disconnect();
  });

  test("a client that is not connected is reported", async () => {
    const store = open({ client: createClient({ url: "redis://127.0.0.1:1" }) });
    await expect(store.load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("client.connect()"),
    });
  });

  test("a wrong password is reported without the password, with the option to fix", async () => {
    const { port } = await start({ requirepass: "right-secret" });
    for (const password of ["wrong-secret", ""]) {
      const store = open({ url: `redis://${password && `:${password}@`}127.0.0.1:${port}/2` });
      expect(store.name).toBe(`Redis at 127.0.0.1:${port}/2`);
      const error = await store.load().catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ code: "ERR_STORE_UNAVAILABLE", hint: expect.stringMatching(/password/) });
      expect(everythingOf(error)).not.toContain("secret");
    }
  });

  test("the password can be in the options, or in the URL", async () => {
    const { port, url } = await start({ requirepass: "s:e/c@r%t" });
    const beside = open({ url: `redis://127.0.0.1:${port}`, connection: { password: "s:e/c@r%t" } });
    await change(beside, { shop: CLOSED });
    expect((await open({ url }).load()).version).toBe(1);
  });

  test("a replica can be read, and refuses changes with the reason", async () => {
    const primary = await start();
    const replica = await start({ replicaof: `127.0.0.1 ${primary.port}` });
    const position = await change(open({ url: primary.url }), { shop: CLOSED });
    const store = open({ url: replica.url });
    await expect.poll(() => store.load(), { timeout: 30_000 }).toMatchObject(position);
    await expect(change(store, { shop: OPEN })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringContaining("READONLY"),
      hint: expect.stringContaining("primary"),
    });
    expect(await store.examine?.()).toContainEqual(expect.objectContaining({ level: "error", subject: "role" }));
    expect((await store.load()).version).toBe(1);
    await expect(store.members?.list()).rejects.toMatchObject({ hint: expect.stringContaining("primary") });
    const replicas = async () =>
      (await open({ url: primary.url }).examine?.())?.find(({ subject }) => subject === "replicas");
    expect(await replicas()).toMatchObject({ level: "warn", hint: expect.stringContaining("min-replicas-to-write 1") });
    await primary.command("CONFIG", "SET", "min-replicas-to-write", "1");
    expect(await replicas()).toMatchObject({ level: "ok", message: "1, min-replicas-to-write 1" });
  });

  test("a server that comes back with an old dump is noticed, and its state applies", async () => {
    const server = await start();
    const store = open({ url: server.url });
    await change(store, { shop: OPEN });
    await server.command("SAVE");
    const dump = join(server.folder, "dump.rdb");
    await copyFile(dump, `${dump}.old`);
    const lost = await change(store, { shop: CLOSED });
    await server.kill();
    await copyFile(`${dump}.old`, dump);
    await server.start();
    expect(await store.changesSince(lost)).toBe("reload");
    const { lineage, version, records } = await store.load();
    expect(lineage).not.toBe(lost.lineage);
    expect(version).toBe(1);
    expect(contentOf(records)).toEqual({ shop: { version: 1, content: OPEN } });
  });

  test.each(["{maintenance:}sites", "{maintenance:}head"])("if %s was evicted, the sites do not open", async (key) => {
    const server = await start();
    const store = open({ url: server.url });
    await change(store, { shop: CLOSED });
    const seen = await store.load();
    await server.command("DEL", key);
    const unreadable = {
      code: "ERR_STATE_UNREADABLE",
      message: expect.stringContaining(key),
      hint: expect.stringContaining("noeviction"),
    };
    await expect(store.load()).rejects.toMatchObject(unreadable);
    await expect(open({ url: server.url }).load()).rejects.toMatchObject(unreadable);
    await expect(change(open({ url: server.url }), { blog: CLOSED })).rejects.toMatchObject(unreadable);
    await store.importState({ ...seen, history: [] }, key.endsWith("head") ? { lineage: "", version: 0 } : seen);
    expect((await store.load()).records).toEqual(seen.records);
  });

  test.each(["nonsense", "", "x {}", "-1 {}", "1.5 {}"])(
    "a record that was edited into '%s' is the only one refused",
    async (row) => {
      const { url, command } = await start();
      await change(open({ url }), { shop: CLOSED, blog: CLOSED });
      await command("HSET", "{maintenance:}sites", "shop", row);
      const { records, unreadable } = parseState(await open({ url }).load(), true);
      expect([...records.keys()]).toEqual(["blog"]);
      expect(unreadable.get("shop")).toMatchObject({ code: "ERR_STATE_UNREADABLE" });
    },
  );

  test("a row of the list of processes that was edited by hand is listed, and can be removed", async () => {
    const { url, command } = await start();
    const { members } = open({ url });
    const joined = await members?.join({ id: "web-1", text: '{"label":"web-1"}' });
    await command("HSET", "{maintenance:}members", "row-web-2", "nonsense");
    const { rows = [] } = (await members?.list()) ?? {};
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual({ id: "web-2", seq: 0, evicted: null, text: "nonsense", age: null });
    await members?.leave("web-2", 0);
    expect(await members?.list()).toMatchObject({ list: joined?.list, rows: [{ id: "web-1" }] });
  });

  test("a full memory refuses a change as a whole, with the reason", async () => {
    const server = await start();
    const store = open({ url: server.url });
    await change(store, { shop: OPEN });
    await server.command("CONFIG", "SET", "maxmemory", "1");
    await expect(change(store, { shop: CLOSED })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("maxmemory"),
    });
    expect(contentOf((await store.load()).records)).toEqual({ shop: { version: 1, content: OPEN } });
  });

  test("stores with different prefixes are independent", async () => {
    const { url, command } = await start();
    await change(open({ url, prefix: "one:" }), { shop: CLOSED });
    expect((await open({ url, prefix: "two:" }).load()).version).toBe(0);
    expect((await open({ url, prefix: "{one:}" }).load()).version).toBe(1);
    expect(await command("KEYS", "*")).toHaveLength(3);
  });

  test("only the configured number of changes is kept, and history by site reads past pages", async () => {
    const { url } = await start();
    const store = open({ url, keepChanges: 3 });
    for (const shop of [CLOSED, OPEN, CLOSED, OPEN]) await change(store, { shop });
    await change(store, { blog: CLOSED });
    expect((await store.history({ limit: 10 })).map(({ version }) => version)).toEqual([5, 4, 3]);
    expect((await store.history({ limit: 1, site: "shop" })).map(({ version }) => version)).toEqual([4]);
    const { lineage } = await store.load();
    expect(await store.changesSince({ lineage, version: 1 })).toBe("reload");
  });

  describe("examining", () => {
    const levels = async (store: Store): Promise<Record<string, string>> =>
      Object.fromEntries(((await store.examine?.()) ?? []).map(({ subject, level }) => [subject, level]));

    test("finds no problem with a server that keeps everything", async () => {
      const { url } = await start({ appendonly: "yes", "maxmemory-policy": "noeviction" });
      const found = await levels(open({ url }));
      expect({ ...found, latency: "any" }).toEqual({
        server: "ok",
        latency: "any",
        role: "ok",
        eviction: "ok",
        persistence: "ok",
        "clock of the server": "ok",
      });
    });

    test.each([
      ["eviction", { "maxmemory-policy": "allkeys-lru" }],
      ["persistence", { save: "" }],
      ["persistence", { save: "3600 1" }],
      ["persistence", { appendonly: "yes", appendfsync: "no" }],
    ])("warns about a server that may lose data: %s %o", async (subject, settings) => {
      const { url } = await start(settings);
      expect(await levels(open({ url }))).toMatchObject({ [subject]: "warn" });
    });
  });
});

/** Returns all texts of an error, including those that a logger would print. */
function everythingOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return [thrown.stack, JSON.stringify(thrown), thrown.cause && everythingOf(thrown.cause)].join("\n");
}
