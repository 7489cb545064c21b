import pg from "pg";
import { createClient } from "redis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { postgresStore } from "../../src/stores/postgres.ts";
import { redisStore } from "../../src/stores/redis.ts";
import type { StateChange, Store } from "../../src/stores/store.ts";
import { type ChaosStore, chaosStore } from "../../src/testing/doubles/chaos-store.ts";
import { change, draftFrom } from "../../src/testing/stores/session.ts";
import { requireService } from "../support/require-service.ts";
import { POSTGRES_BINARY, POSTGRES_INSTALL, type PostgresServer, startPostgres } from "../support/servers/postgres.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";

/** A server whose channel the test uses without the store. */
interface Channel {
  open(): Store;
  /** Collects what every client of the server can receive. */
  listen(): Promise<string[]>;
  send(message: string): Promise<unknown>;
  stop(): Promise<unknown>;
}

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

async function redisChannel(): Promise<Channel> {
  const server: RedisServer = await startRedis({ appendonly: "no" });
  const client = await createClient({ url: server.url }).connect();
  return {
    open: () => redisStore({ url: server.url }),
    async listen() {
      const heard: string[] = [];
      await client.subscribe("{maintenance:}changed", (message) => heard.push(message));
      return heard;
    },
    send: (message) => server.command("PUBLISH", "{maintenance:}changed", message),
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

async function postgresChannel(): Promise<Channel & { readonly server: PostgresServer }> {
  const server = await startPostgres();
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  return {
    server,
    open: () => postgresStore({ url: server.url(), autoMigrate: true }),
    async listen() {
      const heard: string[] = [];
      client.on("notification", ({ payload = "" }) => heard.push(payload));
      await client.query("listen maintenance_changes");
      return heard;
    },
    send: (message) => client.query("select pg_notify('maintenance_changes', $1)", [message]),
    async stop() {
      await client.end();
      await server.stop();
    },
  };
}

requireService("Redis", INSTALL_REDIS, REDIS !== null)("the channel of Redis", () => casesOf(redisChannel));

requireService(
  "PostgreSQL",
  POSTGRES_INSTALL,
  POSTGRES_BINARY !== null,
)("the channel of PostgreSQL", () => {
  casesOf(postgresChannel);

  test("a change too large for a notification is announced without its content", async () => {
    const { open, listen, stop } = await postgresChannel();
    const [heard, store] = [await listen(), open()];
    await announce(store, { shop: OPEN });
    await announce(store, { shop: { mode: "closed", notice: { message: "ä".repeat(3_900) } } });
    await expect.poll(() => heard).toEqual(["", ""]);
    await store.close();
    await stop();
  });

  test("a change that the database refuses at the end of its transaction is not announced", async () => {
    const { open, listen, stop, server } = await postgresChannel();
    const [heard, store] = [await listen(), open()];
    await announce(store, { shop: OPEN });
    await server.execute(
      "create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$",
    );
    await server.execute(
      "create constraint trigger late after insert on maintenance_changes deferrable initially deferred for each row execute function refuse()",
    );
    await expect(announce(store, { shop: CLOSED })).rejects.toThrow(/refused/);
    await server.execute("drop trigger late on maintenance_changes");
    await announce(store, { shop: { mode: "read-only" } });
    await expect.poll(() => heard).toHaveLength(2);
    expect(heard[1]).toContain("read-only");
    await store.close();
    await stop();
  });
});

async function announce(store: Store, after: Readonly<Record<string, object>>): Promise<void> {
  const { ok } = await store.commit(draftFrom(await store.load(), after), { announce: true });
  expect(ok).toBe(true);
}

function casesOf(start: () => Promise<Channel>): void {
  let channel: Channel;
  let writer: Store;
  const opened: Store[] = [];
  const gates: Gate[] = [];
  beforeAll(async () => {
    channel = await start();
    writer = channel.open();
    await change(writer, { shop: OPEN });
  });
  afterEach(async () => {
    for (const gate of gates.splice(0)) await gate.close();
    for (const store of opened.splice(0)) await store.close();
  });
  afterAll(async () => {
    await writer?.close();
    await channel?.stop();
  });

  /** Follows the store, and resolves once the watch has begun. */
  async function follow(): Promise<{ readonly store: ChaosStore; readonly gate: Gate }> {
    const store = chaosStore(channel.open());
    opened.push(store);
    const gate = createGate({ store, logger: silentLogger, pollInterval: 3_600_000 });
    gates.push(gate);
    await gate.ready();
    await expect.poll(() => gate.status().state).toBe("live");
    await gate.refresh();
    return { store, gate };
  }

  /** Collects the changes in hints; `null` for a hint without any. */
  async function hear(): Promise<(readonly StateChange[] | null)[]> {
    const store = channel.open();
    opened.push(store);
    await store.load();
    const heard: (readonly StateChange[] | null)[] = [];
    const watching = store.watch?.((changes) => heard.push(changes ?? null), { signal: new AbortController().signal });
    watching?.catch(() => {});
    await expect.poll(() => heard.length).toBe(1);
    heard.length = 0;
    return heard;
  }

  test("a gate closes without reading the store", async () => {
    const { store, gate } = await follow();
    const before = store.calls.changesSince;
    store.inject("hang");
    const controller = createController({ store: writer });
    await controller.close("shop");
    await expect.poll(() => gate.mode("shop")).toBe("closed");
    // The read that confirms it has begun and waits.
    expect(store.calls.changesSince).toBe(before + 1);
    store.recover();
    await controller.open("shop");
    await expect.poll(() => gate.mode("shop")).toBe("open");
  });

  test("a message of a client that cannot read the state carries nothing", async () => {
    const messages = await channel.listen();
    const heard = await hear();
    await announce(writer, { shop: CLOSED });
    await expect.poll(() => heard.length).toBe(1);
    const own = JSON.parse(messages.at(-1)?.slice(2) ?? "");
    const forged = { ...own, version: own.version + 1, after: crypto.randomUUID() };
    const again = { ...own, records: own.records.map((record: object) => ({ ...record, after: '{"mode":"open"}' })) };
    for (const message of [
      forged,
      { ...forged, after: own.after },
      { ...forged, after: null },
      { ...again, lineage: "x" },
    ])
      await channel.send(`1 ${JSON.stringify(message)}`);
    await expect.poll(() => heard.length).toBe(5);
    expect(heard.map((changes) => changes?.length ?? null)).toEqual([1, null, null, null, null]);
  });

  test.each(["", "7", "2 {}", "1 {", "1 null", "1 []", "1 7"])(
    "the message '%s', as another release could send it, is a hint",
    async (message) => {
      const heard = await hear();
      await channel.send(message);
      await expect.poll(() => heard).toEqual([null]);
    },
  );

  test("a change of another release, which announces only that there is one, is followed", async () => {
    const { gate } = await follow();
    await change(writer, { shop: { mode: "read-only" } });
    await expect.poll(() => gate.mode("shop")).toBe("read-only");
  });

  test("the keys of a link are never sent", async () => {
    const messages = await channel.listen();
    const { gate } = await follow();
    const controller = createController({ store: writer });
    await controller.close("shop");
    const { id } = await controller.links.create({ site: "shop", label: "QA" });
    await controller.open("shop");
    await controller.close("shop");
    await expect.poll(() => gate.mode("shop")).toBe("closed");
    const [kept] = (await controller.state()).records.get("shop")?.links ?? [];
    expect(kept?.id).toBe(id);
    await expect.poll(() => messages.length).toBeGreaterThan(3);
    for (const message of messages) {
      expect(message).not.toContain(kept?.key);
      expect(message).not.toContain(kept?.hash);
    }
  });

  test("an imported state is followed, and the change after it is announced without its content", async () => {
    const heard = await hear();
    const content = { ...(await writer.load()), lineage: "elsewhere", history: [] };
    expect(await writer.importState(content, await writer.load())).toMatchObject({ ok: true });
    await announce(writer, { shop: CLOSED });
    await expect.poll(() => heard).toEqual([null, null]);
  });
}
