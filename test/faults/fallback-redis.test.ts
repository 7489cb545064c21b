import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { type FallbackStore, fallbackStore } from "../../src/stores/fallback.ts";
import { fileStore } from "../../src/stores/file.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { createTcpProxy, type TcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";

const BY = { kind: "program", label: "test" } as const;
const suite = requireService("Redis", INSTALL_REDIS, REDIS !== null);

suite("a fallback store over Redis and a file", () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let folder: string;
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await server.command("FLUSHALL");
    folder = await mkdtemp(join(tmpdir(), "fallback-"));
    proxy = await createTcpProxy({ to: { host: "127.0.0.1", port: server.port } });
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await proxy.close();
    await rm(folder, { recursive: true });
  });

  function open(): { store: FallbackStore; gate: Gate } {
    const redis = redisStore({ url: `redis://127.0.0.1:${proxy.port}`, timeout: 2_000 });
    const store = fallbackStore({
      primary: redis,
      copies: [fileStore({ path: join(folder, "copy.json") })],
      patience: 200,
    });
    const gate = createGate({ store, pollInterval: 100 });
    closers.push(store.close, gate.close);
    return { store, gate };
  }

  const becomes = (gate: Gate, closed: boolean): Promise<void> =>
    expect.poll(() => gate.isClosed(), { timeout: 20_000 }).toBe(closed);

  test("keeps the state during a connection that drops everything, refuses to switch, and follows again afterwards", async () => {
    const { store, gate } = open();
    const controller = createController({ store });
    await gate.ready();
    await controller.execute({ type: "close" }, BY);
    await becomes(gate, true);
    await expect.poll(async () => (await copyIn(folder)).version, { timeout: 10_000 }).toBe(1);

    proxy.pause();
    await expect.poll(() => store.current, { timeout: 20_000 }).toContain("copy.json");
    expect(gate.isClosed()).toBe(true);
    await expect(controller.execute({ type: "open" }, BY)).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringContaining("Meanwhile the state is read from file"),
    });

    const restarted = open();
    await restarted.gate.ready();
    expect(restarted.gate.isClosed()).toBe(true);
    expect(restarted.gate.status().neverLoaded).toBe(false);

    const elsewhere = redisStore({ url: server.url });
    await createController({ store: elsewhere }).execute({ type: "open" }, BY);
    await elsewhere.close();
    expect(gate.isClosed()).toBe(true);
    proxy.cut();
    await proxy.resume();
    await becomes(gate, false);
    await becomes(restarted.gate, false);
    expect(store.current).toContain("Redis");
  });
});

async function copyIn(folder: string): Promise<{ readonly version: number }> {
  const copy = fileStore({ path: join(folder, "copy.json") });
  const state = await copy.load();
  await copy.close();
  return state;
}
