import { get } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Controller, createController } from "../../src/control/controller.ts";
import type { GateStatus } from "../../src/gate-status.ts";
import { postgresStore } from "../../src/stores/postgres.ts";
import { redisStore } from "../../src/stores/redis.ts";
import type { Store } from "../../src/stores/store.ts";
import { type FixtureRun, runFixture } from "../fixtures/run-fixture.ts";
import { requireService, type Suite } from "../support/require-service.ts";
import { POSTGRES_BINARY, POSTGRES_INSTALL, startPostgres } from "../support/servers/postgres.ts";
import { INSTALL_REDIS, REDIS, startRedis } from "../support/servers/redis.ts";
import type { RunningServer } from "../support/servers/start-server.ts";

const SERVERS = 4;
const BY = { kind: "program", label: "test" } as const;
/** Real milliseconds within which every process must have followed. */
const PATIENCE = 30_000;

interface Kind {
  readonly name: string;
  readonly suite: Suite;
  start(): Promise<RunningServer & { readonly address: string }>;
  open(url: string): Store;
}

const KINDS: readonly Kind[] = [
  {
    name: "PostgreSQL",
    suite: requireService("PostgreSQL", POSTGRES_INSTALL, POSTGRES_BINARY !== null),
    async start() {
      const server = await startPostgres({ fsync: true });
      return Object.assign(server, { address: server.url() });
    },
    open: (url) => postgresStore({ url, timeout: 2_000 }),
  },
  {
    name: "Redis",
    suite: requireService("Redis", INSTALL_REDIS, REDIS !== null),
    async start() {
      const server = await startRedis();
      return Object.assign(server, { address: server.url });
    },
    open: (url) => redisStore({ url, timeout: 2_000 }),
  },
];

/** Returns the status and body that a visitor gets; status 0 without a response. */
function ask(port: number, path = "/", host = "shop.example"): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const request = get({ port, path, host: "127.0.0.1", headers: { host }, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on("error", () => resolve({ status: 0, body: "" }));
  });
}

const statusOf = async (port: number): Promise<GateStatus> => JSON.parse((await ask(port, "/status")).body);

for (const { name, suite, start, open } of KINDS) {
  suite(`${SERVERS} processes over ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let controller: Controller;
    let store: Store;
    let processes: readonly FixtureRun[] = [];
    let ports: readonly number[] = [];

    beforeAll(async () => {
      server = await start();
      store = open(server.address);
      await store.migrations?.migrate();
      controller = createController({ store, sites: { shop: {} } });
      processes = Array.from({ length: SERVERS }, () => runFixture("serve-site", server.address));
      ports = await Promise.all(processes.map(async ({ lines }) => Number((await lines.next()).value)));
    });
    afterAll(async () => {
      for (const { child } of processes) child.kill("SIGKILL");
      await Promise.all(processes.map(({ ended }) => ended));
      await store?.close();
      await server?.stop();
    });

    const answers = (): Promise<readonly number[]> => Promise.all(ports.map(async (port) => (await ask(port)).status));
    const all = (status: number): readonly number[] => ports.map(() => status);
    const become = (status: number): Promise<void> =>
      expect.poll(answers, { timeout: PATIENCE, interval: 20 }).toEqual(all(status));

    test("close and open together", async () => {
      for (let round = 0; round < 5; round += 1) {
        await controller.execute({ type: "close", sites: ["shop"] }, BY);
        await become(503);
        await controller.execute({ type: "open", sites: ["shop"] }, BY);
        await become(200);
      }
    });

    test("answer while the server is killed during switches, lose nothing, and follow automatically", async () => {
      const seen = new Set<number>();
      let asking = true;
      const visitors = ports.map(async (port) => {
        while (asking) seen.add((await ask(port)).status);
      });
      const { version: before } = await store.load();
      let accepted = 0;
      let refused = 0;
      const flip = async (type: "close" | "open"): Promise<void> => {
        try {
          await controller.execute({ type, sites: ["shop"] }, BY);
          accepted += 1;
        } catch {
          refused += 1;
        }
      };
      for (let round = 0; round < 10; round += 1) await flip(round % 2 === 0 ? "close" : "open");
      const dying = server.kill();
      for (let round = 0; round < 4; round += 1) await flip(round % 2 === 0 ? "close" : "open");
      await dying;
      const held = await answers();
      await expect
        .poll(async () => (await Promise.all(ports.map(statusOf))).map(({ state }) => state), { timeout: PATIENCE })
        .toEqual(ports.map(() => "stale"));
      expect(await answers()).toEqual(held);
      await server.start();
      await expect
        .poll(async () => (await Promise.all(ports.map(statusOf))).map(({ state }) => state), { timeout: PATIENCE })
        .toEqual(ports.map(() => "live"));
      expect(refused).toBeGreaterThan(0);
      const state = await controller.state();
      // A change whose response was lost may have been written, but no accepted change may be missing.
      expect(state.version).toBeGreaterThanOrEqual(before + accepted);
      expect(state.version).toBeLessThanOrEqual(before + accepted + refused);
      await become(state.records.get("shop")?.mode === "closed" ? 503 : 200);
      await controller.execute({ type: "close", sites: ["shop"] }, BY);
      await become(503);
      asking = false;
      await Promise.all(visitors);
      expect([...seen].sort()).toEqual([200, 503]);
    });
  });
}
