import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyvStore } from "../../../src/stores/keyv.ts";
import { createTcpProxy } from "../../../src/testing/doubles/tcp-proxy.ts";
import { change, draftFrom } from "../../../src/testing/stores/session.ts";
import { requireService } from "../../support/require-service.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../../support/servers/redis.ts";

const CLOSED = { mode: "closed" };

/** A custom adapter, which may report a failure only by an event, as many adapters do. */
class OwnAdapter {
  readonly opts = {};
  readonly entries = new Map<string, string>();
  readonly listeners: ((error: unknown) => void)[] = [];
  failing: "no" | "throws" | "tells" = "no";

  on(_event: string, listener: (error: unknown) => void): this {
    this.listeners.push(listener);
    return this;
  }
  async get(key: string): Promise<string | undefined> {
    return this.fail() ? undefined : this.entries.get(key);
  }
  async set(key: string, value: string): Promise<void> {
    if (!this.fail()) this.entries.set(key, value);
  }
  async delete(key: string): Promise<boolean> {
    return this.entries.delete(key);
  }
  async clear(): Promise<void> {
    this.entries.clear();
  }
  private fail(): boolean {
    if (this.failing === "throws") throw new Error("disk full");
    if (this.failing === "tells") for (const listener of this.listeners) listener(new Error("disk full"));
    return this.failing !== "no";
  }
}

function open() {
  const adapter = new OwnAdapter();
  const keyv = new Keyv({ store: adapter, throwOnErrors: true });
  return { adapter, keyv, store: keyvStore({ client: keyv }) };
}

const UNAVAILABLE = { code: "ERR_STORE_UNAVAILABLE", message: expect.stringContaining("disk full") };

describe("invalid arguments are refused at once, with what to do", () => {
  test.each([
    [() => keyvStore({ client: new Keyv({ store: new OwnAdapter() }) }), "Create it with { throwOnErrors: true }."],
    [
      () => keyvStore({ client: new Keyv(new KeyvRedis(), { throwOnErrors: true }) }),
      "Create the KeyvRedis with { throwOnErrors: true }.",
    ],
    [() => keyvStore({ client: new Map() as never }), "new Keyv("],
    [() => keyvStore({ client: null as never }), "new Keyv("],
    [() => keyvStore({ client: new Keyv(), key: "" }), "ERR"],
    [() => keyvStore({ client: new Keyv(), kee: "a" } as never), "Did you mean 'key'?"],
  ])("case %#", (create, hint) => {
    let thrown: { code?: string; hint?: string } = {};
    try {
      create();
    } catch (error) {
      thrown = error as typeof thrown;
    }
    expect(thrown.code).toBe("ERR_INVALID_OPTION");
    if (hint !== "ERR") expect(thrown.hint).toContain(hint);
  });
});

describe("a failure is never read as a state that was never written", () => {
  test.each(["throws", "tells"] as const)("with an adapter that %s", async (failing) => {
    const { adapter, store } = open();
    const position = await change(store, { shop: CLOSED });
    const state = await store.load();
    adapter.failing = failing;
    await expect(store.load()).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.changesSince(position)).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.commit(draftFrom(state, { shop: null }))).rejects.toMatchObject(UNAVAILABLE);
    adapter.failing = "no";
    expect((await store.load()).version).toBe(1);
  });

  test("with a write that was lost", async () => {
    const { adapter, keyv } = open();
    const store = keyvStore({ client: keyv, timeout: 100 });
    adapter.set = async () => {};
    await expect(change(store, { shop: CLOSED })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringContaining("took a change, and does not have it"),
    });
  });
});

test("the state has no time to live, even if the Keyv has one", async () => {
  const adapter = new OwnAdapter();
  const keyv = new Keyv({ store: adapter, throwOnErrors: true, ttl: 1 });
  const store = keyvStore({ client: keyv });
  await change(store, { shop: CLOSED });
  expect(await keyv.getRaw("maintenance.json")).not.toHaveProperty("expires");
  expect((await store.examine?.())?.map(({ subject }) => subject)).toEqual(["key", "two writers", "list of processes"]);
  await keyv.set("maintenance.json", await keyv.get("maintenance.json"), 60_000);
  expect((await store.examine?.())?.find(({ subject }) => subject === "time to live")).toMatchObject({
    level: "error",
  });
});

test.each([[{ sites: {} }], [""], ["{"]])(
  "another value under the key (%j) is unreadable, and is not changed",
  async (value) => {
    const keyv = new Keyv();
    await keyv.set("maintenance.json", value);
    const store = keyvStore({ client: keyv });
    await expect(store.load()).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
    await expect(store.commit(draftFrom({ lineage: "", version: 0, records: [] }, { shop: {} }))).rejects.toMatchObject(
      {
        code: "ERR_STATE_UNREADABLE",
      },
    );
    expect(await keyv.get("maintenance.json")).toEqual(value);
  },
);

test("closing the store leaves the Keyv open and without listeners", async () => {
  const { keyv, store } = open();
  const before = keyv.listeners("error").length;
  await change(store, { shop: CLOSED });
  await store.close();
  expect(keyv.listeners("error").length).toBe(before);
  expect(await keyv.get("maintenance.json")).toContain("closed");
});

test("writers of one process that share a Keyv take turns", async () => {
  const { keyv } = open();
  const stores = Array.from({ length: 5 }, () => keyvStore({ client: keyv }));
  const state = await stores[0]?.load();
  const results = await Promise.all(stores.map((store) => state && store.commit(draftFrom(state, { shop: CLOSED }))));
  expect(results.filter((result) => result?.ok)).toHaveLength(1);
});

test("a change that another process has overwritten is made again, on the new state", async () => {
  const { adapter, keyv, store } = open();
  const { lineage } = await change(store, { shop: { mode: "open" } });
  const before = await keyv.get("maintenance.json");
  const set = adapter.set.bind(adapter);
  let overwritten = 0;
  adapter.set = async (key, value) => {
    await set(key, value);
    if (overwritten++ > 0) return;
    const other = JSON.parse(before);
    other.sites.blog = { version: 1, mode: "closed" };
    await set(key, JSON.stringify({ value: JSON.stringify({ ...other, lineage, version: 2 }) }));
  };
  await change(store, { shop: CLOSED });
  expect((await store.load()).records.map(({ id }) => id).sort()).toEqual(["blog", "shop"]);
});

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("over Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  test("a connection that drops everything causes an error after the timeout, which ends with an answer", async () => {
    const proxy = await createTcpProxy({ to: { host: "127.0.0.1", port: server.port } });
    const adapter = new KeyvRedis(`redis://127.0.0.1:${proxy.port}`, { throwOnErrors: true });
    const keyv = new Keyv(adapter, { throwOnErrors: true });
    const store = keyvStore({ client: keyv, timeout: 200 });
    await change(keyvStore({ client: keyv }), { shop: CLOSED });
    proxy.pause();
    await expect(store.load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: "Keyv over KeyvRedis, key keyv:maintenance.json did not answer within 0.2 s.",
    });
    await proxy.resume();
    await expect
      .poll(
        () =>
          store.load().then(
            ({ version }) => version,
            () => 0,
          ),
        { timeout: 10_000 },
      )
      .toBe(1);
    await keyv.disconnect();
    await proxy.close();
  });
});
