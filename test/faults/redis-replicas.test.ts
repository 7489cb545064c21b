import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { redisStore } from "../../src/stores/redis.ts";
import type { Store } from "../../src/stores/store.ts";
import { requestFacts } from "../support/request-facts.ts";
import { requireService } from "../support/require-service.ts";
import { type CountingRelay, startCountingRelay } from "../support/servers/counting-relay.ts";
import { INSTALL_REDIS, REDIS, type RedisServer, startRedis } from "../support/servers/redis.ts";
import { type CliInProcess, cliInProcess } from "../unit/cli/cli-in-process.ts";

const SITES = { shop: { hosts: ["shop.example"] } };
const UNSURE = /replicas? of the store .* not confirmed/;

requireService(
  "Redis",
  INSTALL_REDIS,
  REDIS !== null,
)("a barrier over a Redis with a replica", () => {
  let primary: RedisServer;
  let replica: RedisServer;
  let relay: CountingRelay;
  let store: Store;
  let gate: Gate;
  let cli: CliInProcess;

  beforeEach(async () => {
    primary = await startRedis();
    replica = await startRedis({ replicaof: `127.0.0.1 ${primary.port}`, "repl-diskless-sync-delay": "0" });
    await expect.poll(() => replica.command("INFO", "replication")).toContain("master_link_status:up");
    relay = await startCountingRelay(primary.port);
    store = redisStore({ url: `redis://127.0.0.1:${relay.port}` });
    gate = createGate({ store, sites: SITES, fleet: "strict", label: "web-1", logger: silentLogger });
    await gate.ready();
    cli = cliInProcess();
    Object.assign(globalThis, { replicatedStore: { ...store, close: async () => {} } });
    cli.members = `sites: ${JSON.stringify(SITES)}, store: globalThis.replicatedStore`;
  }, 60_000);
  afterEach(async () => {
    await gate.close();
    await store.close();
    cli.remove();
    await relay.close();
    await Promise.all([primary.stop(), replica.stop()]);
  });

  const wait = () => cli.start(["on", "shop", "--wait", "--expect", "1"], { isInteractive: false, clock: systemClock });

  /** Both machines lose their power, and the replica takes the place of the primary. Returns the mode of the shop there. */
  async function failOver(): Promise<string> {
    await primary.kill();
    await replica.kill();
    await replica.start();
    await replica.command("REPLICAOF", "NO", "ONE");
    relay.moveTo(replica.port);
    const promoted = redisStore({ url: replica.url });
    const { records } = await promoted.load();
    await promoted.close();
    return records.find(({ id }) => id === "shop")?.text.includes('"closed"') === true ? "closed" : "open";
  }

  test("that is up to date has the closure after a failover, and nothing is said of it", async () => {
    const { code, written } = await wait();
    expect({ code, stdout: written.stdout }).toMatchObject({ code: 0 });
    expect(written.stdout).not.toMatch(UNSURE);
    expect(await failOver()).toBe("closed");
  }, 60_000);

  test("that does not follow is named with exit code 0: a failover to it loses the closure", async () => {
    replica.signal("SIGSTOP");
    const { code, written } = await wait();
    expect(code).toBe(0);
    expect(written.stdout).toMatch(
      /\n {2}1 replica of the store has not confirmed the closure: a failover to it loses it\. /,
    );
    expect(await failOver()).toBe("open");
  }, 60_000);

  test("that takes over during the wait without the closure ends it with 7", async () => {
    replica.signal("SIGSTOP");
    const held = gate.hold("export", { site: "shop" });
    const waiting = wait();
    await expect.poll(async () => (await store.load()).records.length).toBe(1);
    expect(await failOver()).toBe("open");
    held.release();
    const { code, written } = await waiting;
    expect({ code, stdout: written.stdout }).toMatchObject({ code: 7 });
  }, 60_000);

  test("is said to be unknown if the user of the store may not ask", async () => {
    await primary.command("ACL", "SETUSER", "default", "-role");
    const { code, written } = await wait();
    expect(code).toBe(0);
    expect(written.stdout).toMatch(/\n {2}It is not known whether the replicas of the store have the closure: /);
  }, 60_000);

  describe("that was wiped", () => {
    const isLetIn = () => gateInternals(gate).decide(requestFacts({ host: "blog.example" })).outcome === "allow";

    test("ends with 7, and says what opens a strict process again: on and then off", async () => {
      const held = gate.hold("export", { site: "shop" });
      const waiting = wait();
      await expect.poll(async () => (await store.load()).records.length).toBe(1);
      await expect.poll(async () => (await store.members?.list())?.barriers.length).toBe(1);
      await primary.command("FLUSHALL");
      const { code, written } = await waiting;
      held.release();
      expect(code).toBe(7);
      expect(written.stdout).toMatch(
        /was wiped or restored meanwhile\. .*let nothing in .*: switch on, and then off\./,
      );
      await expect.poll(isLetIn).toBe(false);
      const run = (...line: readonly string[]) => cli.start(line, { isInteractive: false, clock: systemClock });
      await run("off", "shop");
      expect(isLetIn()).toBe(false);
      await run("on", "shop");
      await run("off", "shop");
      await expect.poll(isLetIn).toBe(true);
    }, 60_000);
  });
});
