import { type KV, Kvm } from "@nats-io/kv";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NatsStoreOptions, natsStore } from "../../src/stores/nats.ts";
import type { Store } from "../../src/stores/store.ts";
import { change, contentOf } from "../../src/testing/stores/session.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_NATS, NATS, type NatsServer, type NatsSettings, startNats } from "../support/servers/nats.ts";

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

requireService(
  "NATS",
  INSTALL_NATS,
  NATS !== null,
)("the nats store and its server", () => {
  const stores: Store[] = [];
  let server: NatsServer;
  let client: NatsConnection;

  function open(options: NatsStoreOptions = { servers: server.address }): Store {
    const store = natsStore(options);
    stores.push(store);
    return store;
  }
  async function start(settings: NatsSettings = {}): Promise<KV> {
    server = await startNats(settings);
    client = await connect({ servers: server.address, ...settings.connection });
    return new Kvm(client).open("maintenance");
  }
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await client?.close();
    await server?.stop();
  });

  test("the user's own connection is not closed", async () => {
    await start();
    const store = open({ client });
    await change(store, { shop: CLOSED });
    const watching = store.watch?.(() => {}, { signal: new AbortController().signal });
    const ended = expect(watching).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
    await store.close();
    await ended;
    expect(client.isClosed()).toBe(false);
    await client.rtt();
  });

  test("reading creates no bucket, and the first change does", async () => {
    await start();
    const store = open();
    await store.load();
    await store.changesSince({ lineage: "", version: 0 });
    await store.history({ limit: 1 });
    const buckets = async (): Promise<readonly string[]> => {
      const names: string[] = [];
      for await (const { bucket } of new Kvm(client).list()) names.push(bucket);
      return names;
    };
    expect(await buckets()).toEqual([]);
    await change(store, { shop: CLOSED });
    expect(await buckets()).toEqual(["maintenance"]);
  });

  test("a watch that began before the bucket existed gets the first change", async () => {
    await start();
    let hear: () => void = () => {};
    const ending = new AbortController();
    const store = open();
    const begun = new Promise<void>((resolve) => (hear = resolve));
    const watching = store.watch?.(() => hear(), { signal: ending.signal });
    await begun;
    const heard = new Promise<void>((resolve) => (hear = resolve));
    await change(open(), { shop: CLOSED });
    await heard;
    await expect.poll(async () => (await store.load()).version).toBe(1);
    const again = new Promise<void>((resolve) => (hear = resolve));
    await change(open(), { shop: OPEN });
    await again;
    ending.abort();
    await watching;
  });

  test.each(["that exists", "that does not exist yet"])(
    "the list of processes wakes no watch, over a bucket %s, and grows with the processes alone",
    async (which) => {
      const kv = await start();
      const store = open();
      if (which === "that exists") await change(store, { shop: CLOSED });
      let hints = 0;
      let hear: (value: unknown) => void = () => {};
      const begun = new Promise((resolve) => (hear = resolve));
      const ending = new AbortController();
      const watching = store.watch?.(
        () => {
          hints += 1;
          hear(null);
        },
        { signal: ending.signal },
      );
      await begun;
      const heard = new Promise((resolve) => (hear = resolve));
      let joined = await open().members?.join({ id: "web-1", text: "{}" });
      await store.members?.join({ id: "web-2", text: "{}" });
      for (let renewals = 0; renewals < 10; renewals += 1) {
        const renewed = joined && (await store.members?.renew({ id: "web-1", text: `{"n":${renewals}}` }, joined));
        joined = renewed?.ok ? renewed : undefined;
      }
      await store.members?.leave("web-2", 1);
      expect(hints).toBe(1);
      await change(open(), { shop: OPEN });
      await heard;
      const members: string[] = [];
      for await (const { key, operation } of await kv.history({ key: "member.*" })) members.push(`${operation} ${key}`);
      expect(members).toEqual(["PUT member.list", "PUT member.row-web-1"]);
      ending.abort();
      await watching;
    },
  );

  test("the age of a row counts by the clock of the server, and is not less than the time since the last write", async () => {
    await start();
    const { members } = open();
    await members?.join({ id: "web-1", text: "{}" });
    const { rows: [young] = [] } = (await members?.list()) ?? {};
    expect(young?.age).toBeLessThan(1_000);
    await expect
      .poll(async () => {
        await change(open(), { shop: CLOSED });
        return (await members?.list())?.rows[0]?.age;
      })
      .toBeGreaterThan(100);
  });

  test("a wrong password is reported without the password, with the option to fix", async () => {
    const right = { user: "app", pass: "right-secret" };
    await start({ config: `authorization { user: app, password: right-secret }`, connection: right });
    const store = open({ servers: server.address, connection: { user: "app", pass: "wrong-secret" } });
    const error = await store.load().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: "ERR_STORE_UNAVAILABLE", hint: expect.stringContaining("user, pass") });
    expect(`${String(error)} ${JSON.stringify(error)} ${store.name}`).not.toContain("secret");
    await change(open({ servers: server.address, connection: right }), { shop: CLOSED });
  });

  test("a change that is larger than the server accepts is refused as a whole, with the reason", async () => {
    await start({ config: "max_payload: 64KB" });
    const store = open();
    await change(store, { shop: OPEN });
    await expect(change(store, { shop: { text: "x".repeat(65_000) } })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringContaining("max_payload"),
    });
    expect(contentOf((await store.load()).records)).toEqual({ shop: { version: 1, content: OPEN } });
  });

  test("a server without JetStream is reported", async () => {
    await start({ jetstream: false });
    await expect(open().load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("-js"),
    });
  });

  describe("the log is the source of truth", () => {
    let kv: KV;

    beforeEach(async () => {
      kv = await start();
    });

    test("a writer that is killed before it writes the sites loses nothing, and the next one writes them", async () => {
      const store = open();
      await change(store, { shop: CLOSED });
      await change(store, { shop: OPEN, blog: CLOSED });
      for (const key of ["0.head", "0.site.shop", "0.site.blog"]) await kv.purge(key);
      const wanted = { shop: { version: 2, content: OPEN }, blog: { version: 1, content: CLOSED } };
      expect(contentOf((await open().load()).records)).toEqual(wanted);
      await change(open(), { cart: CLOSED });
      expect((await kv.get("0.head"))?.json()).toMatchObject({ version: 3 });
      expect((await kv.get("0.site.blog"))?.json()).toMatchObject({ version: 1, stateVersion: 2 });
      expect(contentOf((await open().load()).records)).toEqual({ ...wanted, cart: { version: 1, content: CLOSED } });
    });

    test("it is cut off when it is long, and a writer that is too late does not get into it", async () => {
      const store = open({ servers: server.address, keepChanges: 5 });
      let shop = CLOSED;
      for (let version = 1; version <= 12; version += 1) {
        shop = shop === OPEN ? CLOSED : OPEN;
        await change(store, { shop });
      }
      const kept = (await store.history({ limit: 100 })).map(({ version }) => version);
      expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 12 - index));
      expect([5, 6]).toContain(kept.length);
      expect(await kv.get("0.change.2")).toBeNull();
      await kv.create("0.change.2", JSON.stringify({ ...(await kv.get("0.change.12"))?.json<object>(), version: 2 }));
      expect((await open().load()).version).toBe(12);
      expect((await store.history({ limit: 100 })).map(({ version }) => version)).toEqual(kept);
      const { lineage } = await store.load();
      expect(await store.changesSince({ lineage, version: 3 })).toBe("reload");
    });

    test("if the head is missing and the log is incomplete, the sites do not open", async () => {
      const store = open({ servers: server.address, keepChanges: 1 });
      for (const shop of [OPEN, CLOSED, OPEN, CLOSED]) await change(store, { shop });
      await kv.purge("0.head");
      await expect(open().load()).rejects.toMatchObject({
        code: "ERR_STATE_UNREADABLE",
        message: expect.stringContaining("0.head"),
      });
    });

    test("a client that saw only the first generation follows several imports", async () => {
      const follower = open();
      const before = await change(follower, { shop: OPEN });
      const store = open();
      const content = { lineage: "elsewhere", version: 7, records: [], history: [] };
      let over = await store.load();
      for (const version of [7, 8, 9]) {
        expect(await store.importState({ ...content, version }, over)).toMatchObject({ ok: true });
        over = await store.load();
      }
      expect(await follower.changesSince(before)).toBe("reload");
      expect(await follower.load()).toEqual({ lineage: "elsewhere", version: 9, records: [] });
      expect((await change(follower, { shop: CLOSED })).version).toBe(10);
      expect(contentOf((await open().load()).records)).toEqual({ shop: { version: 1, content: CLOSED } });
    });

    test("a damaged record is refused", async () => {
      const store = open();
      const position = await change(store, { shop: CLOSED });
      await kv.put("0.site.shop", "closed!");
      await expect(store.load()).rejects.toMatchObject({
        code: "ERR_STATE_UNREADABLE",
        message: expect.stringContaining("0.site.shop"),
      });
      expect(await store.changesSince(position)).toEqual([]);
    });

    test("examining finds no problem with its own bucket", async () => {
      const store = open();
      expect(await store.examine?.()).toContainEqual(expect.objectContaining({ level: "ok", subject: "bucket" }));
      await change(store, { shop: CLOSED });
      expect(
        (await store.examine?.())?.filter(({ level, subject }) => level !== "ok" && subject !== "latency"),
      ).toEqual([]);
    });
  });
});
