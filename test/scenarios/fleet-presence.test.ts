import { execFile } from "node:child_process";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { parseMember } from "../../src/fleet/member.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import type { MemberList } from "../../src/stores/members.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import type { Store } from "../../src/stores/store.ts";
import { createFakeClock } from "../../src/testing/doubles/fake-clock.ts";

const gates: Gate[] = [];
afterEach(async () => {
  vi.unstubAllGlobals();
  await Promise.all(gates.splice(0).map((gate) => gate.close()));
});

function gateOver(store: Store, options: Parameters<typeof createGate>[0] = {}): Gate {
  const gate = createGate({ store, logger: silentLogger, random: () => 0.5, ...options });
  gates.push(gate);
  return gate;
}

const rowsOf = async ({ members }: Store) => ((await members?.list())?.rows ?? []).map(parseMember);
const rowCount = async (store: Store) => (await rowsOf(store)).length;

function withMembers(store: Store, change: (members: MemberList) => Partial<MemberList>): Store {
  if (store.members === undefined) throw new Error("the store keeps a list");
  return { ...store, members: { ...store.members, ...change(store.members) } };
}

describe("the processes that follow a state", () => {
  test("are listed from their start until they are closed, each with the state that it has applied", async () => {
    const store = memoryStore();
    const clock = createFakeClock();
    const first = gateOver(store, { clock, groups: ["payments-db"], label: "web-1" });
    const second = gateOver(store, { clock, override: "on" });
    await Promise.all([first.ready(), second.ready()]);
    await clock.advance(0);
    const controller = createController({ store, clock, sites: { shop: {} } }, { by: "test" });
    await controller.close("shop");
    await clock.advance(2_000);
    const rows = await rowsOf(store);
    const { lineage, version } = first.status();
    expect(rows.find(({ label }) => label === "web-1")).toMatchObject({
      process: { pid: process.pid, host: hostname() },
      runtime: `node ${process.versions.node}`,
      library: "0.1.0",
      position: { lineage, version },
      groups: ["payments-db"],
      override: null,
    });
    expect(rows.find(({ label }) => label === hostname())).toMatchObject({ override: "closed", position: { version } });
    expect(first.status().fleet).toEqual({
      level: "presence",
      list: (await store.members?.list())?.list,
      row: rows.find(({ label }) => label === "web-1")?.id,
      error: null,
    });
    await first.close();
    expect(await rowCount(store)).toBe(1);
    await second.close();
    expect(await rowCount(store)).toBe(0);
  });

  test("are not listed with `fleet: false`, before they start, over a store without a list, and on Workers", async () => {
    const store = memoryStore();
    const { members: _, ...without } = memoryStore();
    gateOver(store);
    for (const gate of [gateOver(store, { fleet: false }), gateOver(without)]) {
      await gate.ready();
      expect(gate.status().fleet).toBeNull();
    }
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    const worker = gateOver(store);
    await worker.ready();
    expect(worker.status()).toMatchObject({ state: "polling", fleet: null });
    expect(await rowCount(store)).toBe(0);
  });

  test("do not keep their process alive", async () => {
    const program = `
      import { createGate } from ${JSON.stringify(fileURLToPath(new URL("../../src/gate.ts", import.meta.url)))};
      import { memoryStore } from ${JSON.stringify(fileURLToPath(new URL("../../src/stores/memory.ts", import.meta.url)))};
      const store = memoryStore();
      const gate = createGate({ store });
      await gate.ready();
      await store.members.list();
      console.log(gate.status().state);`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--conditions=source",
      "--input-type=module",
      "--eval",
      program,
    ]);
    expect(stdout.trim()).toBe("live");
  });
});

describe("a list that fails", () => {
  test("delays neither the start of a gate nor a change, and is reported by its status", async () => {
    const clock = createFakeClock();
    const log: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => void log.push(text) };
    const broken = async (): Promise<never> => {
      throw new Error("permission denied for table maintenance_members");
    };
    const store = withMembers(memoryStore(), () => ({ join: broken, leave: broken, list: broken, renew: broken }));
    const gate = gateOver(store, { clock, logger });
    expect((await gate.ready()).state).toBe("live");
    await createController({ store, clock, sites: { shop: {} } }, { by: "test" }).close("shop");
    expect(gate.isClosed("shop")).toBe(true);
    await clock.advance(600_000);
    expect(gate.status().fleet).toMatchObject({
      list: null,
      row: null,
      error: { code: "ERR_STORE_UNAVAILABLE", message: "permission denied for table maintenance_members" },
    });
    expect(log).toHaveLength(1);
  });

  test("that never answers delays nothing either", async () => {
    const clock = createFakeClock();
    const never = (): Promise<never> => new Promise(() => {});
    const store = withMembers(memoryStore(), () => ({ join: never }));
    const gate = gateOver(store, { clock });
    expect((await gate.ready()).state).toBe("live");
    await createController({ store, clock, sites: { shop: {} } }, { by: "test" }).close("shop");
    expect(gate.isClosed("shop")).toBe(true);
    const closing = gate.close();
    await clock.advance(2_000);
    await closing;
  });

  test("is joined before the first load, which a gate repeats once its row is listed", async () => {
    const clock = createFakeClock();
    const calls: string[] = [];
    const inner = memoryStore();
    const store: Store = {
      ...withMembers(inner, (members) => ({
        join(...values) {
          calls.push("join");
          return members.join(...values).finally(() => calls.push("joined"));
        },
      })),
      load(...values) {
        calls.push("read");
        return inner.load(...values);
      },
      changesSince(...values) {
        calls.push("read");
        return inner.changesSince(...values);
      },
    };
    await gateOver(store, { clock }).ready();
    await clock.advance(0);
    expect(calls.slice(0, 2)).toEqual(["join", "read"]);
    expect(calls.lastIndexOf("read")).toBeGreaterThan(calls.indexOf("joined"));
  });
});
