import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { MaintenanceError } from "../../src/errors.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { BY, gateUnderTest } from "../support/gate-under-test.ts";

const POLL = 2_500;

describe("starting", () => {
  test("reads nothing before it is needed", async () => {
    const { gate, store, clock } = gateUnderTest();
    await clock.advance(POLL);
    expect(store.calls.load).toBe(0);
    expect(gate.status().state).toBe("starting");
  });

  test("makes the first requests wait for the first load, so that a closed site stays closed across a restart", async () => {
    const { gate, controller, passes } = gateUnderTest();
    await controller.execute({ type: "close" }, BY);
    expect(gateInternals(gate).snapshot.passAll).toBe(false);
    await gateInternals(gate).settle();
    expect(gateInternals(gate).settle()).toBeNull();
    expect(passes()).toBe(false);
  });

  test("makes them wait at most for the start timeout, and then whenNeverLoaded applies", async () => {
    const { gate, store, clock, passes, log } = gateUnderTest({ whenNeverLoaded: "closed", startTimeout: 1_000 });
    store.inject("hang", "load");
    const settled = gateInternals(gate).settle();
    await clock.advance(1_000);
    await settled;
    expect(passes()).toBe(false);
    expect(gate.status()).toMatchObject({ neverLoaded: true, state: "starting" });
    expect(log.join()).toContain('whenNeverLoaded: "closed"');
    store.recover();
    await vi.waitUntil(passes);
  });

  test.each(["open", "closed"] as const)(
    "leaves the site %s without a store, as configured, until it answers",
    async (policy) => {
      const { gate, store, clock, passes, controller } = gateUnderTest({ whenNeverLoaded: policy, startTimeout: 0 });
      store.inject("fail");
      expect(await gate.ready()).toMatchObject({
        state: "stale",
        neverLoaded: true,
        error: { code: "ERR_STORE_UNAVAILABLE" },
      });
      expect(passes()).toBe(policy === "open");
      await controller.execute({ type: "close" }, BY);
      store.recover();
      await clock.advance(POLL);
      expect(gate.status()).toMatchObject({ neverLoaded: false, error: null });
      expect(passes()).toBe(false);
    },
  );
});

describe("a store that refuses while the gate starts", () => {
  const UNREADABLE = new MaintenanceError("ERR_STATE_UNREADABLE", "The state is not JSON.");

  test.each([
    ["is away", "ERR_STORE_UNAVAILABLE", undefined],
    ["cannot be read", "ERR_STATE_UNREADABLE", UNREADABLE],
  ])("%s: makes the first requests wait, and is asked every 100 ms", async (_title, code, error) => {
    const { gate, store, clock, passes, controller, log } = gateUnderTest();
    await controller.execute({ type: "close" }, BY);
    const { load } = store;
    if (error === undefined) store.inject("fail");
    else store.load = () => Promise.reject(error);
    let settled = false;
    void gateInternals(gate)
      .settle()
      ?.then(() => {
        settled = true;
      });
    await clock.advance(4_900);
    expect(settled).toBe(false);
    expect(gate.status()).toMatchObject({ state: "stale", error: { code } });
    expect(log).toHaveLength(1);
    store.recover();
    store.load = load;
    await clock.advance(100);
    expect(settled).toBe(true);
    expect(gate.status()).toMatchObject({ neverLoaded: false, error: null });
    expect(passes()).toBe(false);
  });

  test("is asked at growing intervals when no request waits, up to the poll interval", async () => {
    const { gate, store, clock } = gateUnderTest({ startTimeout: 500 });
    store.inject("fail");
    gate.start();
    await clock.advance(500);
    expect(gateInternals(gate).settle()).toBeNull();
    const during = store.calls.load;
    expect(during).toBeGreaterThanOrEqual(5);
    await clock.advance(200 + 400 + 800 + 1_600);
    expect(store.calls.load - during).toBe(4);
    await clock.advance(4 * 2_000);
    expect(store.calls.load - during).toBe(8);
  });

  test("is not asked any more when the gate is closed", async () => {
    const { gate, store, clock } = gateUnderTest();
    store.inject("fail");
    const ready = gate.ready();
    await clock.advance(150);
    const { load } = store.calls;
    await gate.close();
    await ready;
    await clock.advance(10_000);
    expect(store.calls.load).toBe(load);
    expect(clock.timers).toBe(0);
  });
});

describe("an event loop that was blocked", () => {
  /** Blocks the event loop in real time, as an application may do while it loads its code. */
  function block(milliseconds: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  }

  test("does not use up the start timeout: an answer that has arrived meanwhile is read first", async () => {
    const store = memoryStore();
    await createController({ store }).execute({ type: "close" }, BY);
    const echo = createServer((socket) => socket.pipe(socket));
    const { port } = await new Promise<AddressInfo>((listening) =>
      echo.listen(0, "127.0.0.1", () => listening(echo.address() as AddressInfo)),
    );
    const overTheNetwork = async <T>(work: () => Promise<T>): Promise<T> => {
      const socket = connect(port, "127.0.0.1");
      for (let turn = 0; turn < 5; turn += 1) {
        socket.write("?");
        await once(socket, "data");
      }
      socket.destroy();
      return work();
    };
    const { load } = store;
    store.load = (options) => overTheNetwork(() => load(options));
    const gate = createGate({ store, startTimeout: 300, logger: silentLogger });
    const ready = gate.ready();
    // The first responses of the store are under way.
    await new Promise((resolve) => setTimeout(resolve, 5));
    block(500);
    expect(await ready).toMatchObject({ neverLoaded: false });
    expect(gate.isClosed()).toBe(true);
    await gate.close();
    echo.close();
  });
});

describe("following", () => {
  test("refreshes with the first read that began after the call, also during a series of hints", async () => {
    const { gate, store, controller } = gateUnderTest();
    await gate.ready();
    store.inject("hang", "changesSince");
    const hints = 50;
    const first = gate.refresh();
    for (let hint = 0; hint < hints; hint += 1) void gate.refresh();
    await controller.execute({ type: "close" }, BY);
    const last = gate.refresh();
    let steady = true;
    const hinting = (async () => {
      while (steady) {
        void gate.refresh();
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    store.recover();
    await first;
    expect((await last).version).toBe(1);
    steady = false;
    await hinting;
    expect(store.calls.changesSince).toBeLessThan(hints);
  });

  test("applies a switch at once if the store notifies", async () => {
    const { gate, controller, clock, passes } = gateUnderTest();
    await gate.ready();
    expect(gateInternals(gate).snapshot.passAll).toBe(true);
    await controller.execute({ type: "close" }, BY);
    await clock.advance(0);
    expect(passes()).toBe(false);
    await controller.execute({ type: "open" }, BY);
    await clock.advance(0);
    expect(gateInternals(gate).snapshot.passAll).toBe(true);
    expect(gate.status()).toMatchObject({ state: "live", version: 2 });
  });

  test("applies a switch with the next poll if the store does not notify, or the hint was lost", async () => {
    const { gate, controller, store, clock, passes } = gateUnderTest();
    store.inject("fail", "watch");
    expect(await gate.ready()).toMatchObject({ state: "polling" });
    await controller.execute({ type: "close" }, BY);
    await clock.advance(0);
    expect(passes()).toBe(true);
    await clock.advance(POLL);
    expect(passes()).toBe(false);
  });

  test("watches again after the watch has failed", async () => {
    const { gate, store, clock, controller, passes } = gateUnderTest();
    await gate.ready();
    store.dropWatches();
    await clock.advance(0);
    expect(gate.status().state).toBe("polling");
    await clock.advance(POLL);
    expect(gate.status().state).toBe("live");
    await controller.execute({ type: "close" }, BY);
    await clock.advance(0);
    expect(passes()).toBe(false);
  });

  test("never polls twice at a time, and stops with the gate", async () => {
    const { gate, store, clock } = gateUnderTest();
    await gate.ready();
    store.inject("hang", "changesSince");
    await clock.advance(POLL * 3);
    expect(store.calls.changesSince).toBeLessThanOrEqual(2);
    store.recover();
    await clock.advance(0);
    await gate.close();
    const { changesSince } = store.calls;
    await clock.advance(POLL * 10);
    expect(store.calls.changesSince).toBe(changesSince);
    expect(clock.timers).toBe(0);
    expect(gate.status().state).toBe("closed");
  });

  test("loads the state once, and then only the changes", async () => {
    const { gate, store, clock, controller } = gateUnderTest();
    await gate.ready();
    await controller.execute({ type: "close" }, BY);
    await controller.execute({ type: "open" }, BY);
    await clock.advance(POLL * 5);
    expect(gate.status().version).toBe(2);
    expect(store.calls.load).toBeLessThanOrEqual(2);
  });

  test("compiles unchanged sites once", async () => {
    const { gate, controller, clock } = gateUnderTest({ sites: { shop: {}, blog: {} } });
    await controller.execute({ type: "close", sites: ["blog"] }, BY);
    await gate.ready();
    const before = gateInternals(gate).snapshot.sites.get("blog");
    await controller.execute({ type: "close", sites: ["shop"] }, BY);
    await clock.advance(0);
    expect(gateInternals(gate).snapshot.sites.get("shop")?.mode).toBe("closed");
    expect(gateInternals(gate).snapshot.sites.get("blog")).toBe(before);
  });
});

describe("while the store is unreachable", () => {
  test("the last state holds, the status is stale, and the gate recovers", async () => {
    const { gate, store, clock, controller, passes, log } = gateUnderTest();
    await controller.execute({ type: "close" }, BY);
    await gate.ready();
    store.inject("fail");
    store.dropWatches();
    await clock.advance(POLL * 4);
    expect(passes()).toBe(false);
    expect(gate.status()).toMatchObject({ state: "stale", error: { code: "ERR_STORE_UNAVAILABLE" } });
    expect(log.filter((line) => line.includes("lost"))).toHaveLength(1);
    await controller.execute({ type: "open" }, BY);
    store.recover();
    await clock.advance(POLL);
    expect(passes()).toBe(true);
    expect(gate.status().error).toBeNull();
  });

  test("a call without an answer times out, and the store is asked again", async () => {
    const { gate, store, clock, controller, passes } = gateUnderTest();
    await gate.ready();
    store.inject("hang", "changesSince");
    await clock.advance(POLL + 10_000);
    expect(gate.status().state).toBe("stale");
    await controller.execute({ type: "close" }, BY);
    store.recover();
    await clock.advance(POLL);
    expect(passes()).toBe(false);
  });

  test("a closure that ends meanwhile ends on time", async () => {
    const { gate, store, clock, controller, passes } = gateUnderTest();
    await controller.execute({ type: "close", until: "2026-11-21T13:00:00Z" }, BY);
    await gate.ready();
    store.inject("fail");
    await clock.advance(3_599_999);
    expect(passes()).toBe(false);
    await clock.advance(1);
    expect(passes()).toBe(true);
    expect(gateInternals(gate).snapshot.passAll).toBe(true);
  });
});

describe("an unreadable state", () => {
  test("is refused as a whole: the gate keeps its state, and reports it", async () => {
    const { gate, store, clock, controller, passes, log } = gateUnderTest();
    await controller.execute({ type: "close" }, BY);
    await gate.ready();
    const { lineage } = gateInternals(gate).snapshot;
    const record = { id: "*", seen: 1, before: "{}", after: '{"mode":"ajar"}' };
    await store.commit({ lineage, command: "edit", records: [record], at: "2026-11-21T12:00:00Z", by: BY, reason: "" });
    await clock.advance(POLL);
    expect(passes()).toBe(false);
    expect(gate.status()).toMatchObject({ state: "stale", error: { code: "ERR_STATE_UNREADABLE" } });
    expect(log.join()).toContain("'ajar'");
  });
});

test("every gate over the same store follows a change", async () => {
  const store = memoryStore();
  const [first, second] = [gateUnderTest({ store }), gateUnderTest({ store })];
  await Promise.all([first.gate.ready(), second.gate.ready()]);
  await first.controller.execute({ type: "close" }, BY);
  await Promise.all([first.gate.refresh(), second.gate.refresh()]);
  expect([first.passes(), second.passes()]).toEqual([false, false]);
});

test("listeners get each change until they unsubscribe, and one that throws does not affect the others", async () => {
  const { gate, controller, log } = gateUnderTest();
  await gate.ready();
  const heard: number[] = [];
  const leave = gate.subscribe((event) => event.type === "changed" && heard.push(event.version));
  gate.subscribe(() => {
    throw new Error("of the application");
  });
  await controller.execute({ type: "close" }, BY);
  await gate.refresh();
  leave();
  await controller.execute({ type: "open" }, BY);
  await gate.refresh();
  expect(heard).toEqual([1]);
  expect(
    log
      .filter((line) => !line.includes("never written"))
      .every((line) => line.includes("A listener threw: of the application")),
  ).toBe(true);
});

test("templates get the state in force", async () => {
  const { gate, controller } = gateUnderTest({ sites: { shop: { hosts: ["shop.example"] } } });
  await controller.execute({ type: "close", sites: ["shop"], mode: "read-only" }, BY);
  await gate.ready();
  expect([gate.mode("shop"), gate.isClosed("shop"), gate.mode(), gate.isClosed()]).toEqual([
    "read-only",
    false,
    "open",
    false,
  ]);
});

test("over a memory store, a gate applies a change as soon as it is accepted", async () => {
  const store = memoryStore();
  const [gate, other] = [createGate({ store }), createGate({ store })];
  await Promise.all([gate.ready(), other.ready()]);
  const controller = createController({ store });
  await controller.execute({ type: "close" }, BY);
  expect([gate.isClosed(), other.isClosed()]).toEqual([true, true]);
  await controller.execute({ type: "open" }, BY);
  expect([gate.isClosed(), other.isClosed()]).toEqual([false, false]);
  await Promise.all([gate.close(), other.close()]);
});

test("the application's own store is not closed with the gate", async () => {
  const store = memoryStore();
  const gate = createGate({ store });
  await gate.ready();
  await gate.close();
  await gate.close();
  expect((await store.load()).version).toBe(0);
});

test("an exemption of one closure does not apply to the next one", async () => {
  const { gate, controller, clock, passes } = gateUnderTest({ sites: { shop: { hosts: ["shop.example"] } } });
  const until = "2026-11-21T13:00:00Z";
  await controller.execute({ type: "close", until, exempt: { paths: [{ pattern: "/beta", description: "" }] } }, BY);
  await gate.ready();
  expect(passes({ target: "/beta" })).toBe(true);
  await clock.advance(3_600_000);
  await controller.execute({ type: "close", sites: ["shop"] }, BY);
  await gate.refresh();
  expect(passes({ host: "shop.example", target: "/beta" })).toBe(false);
  await controller.execute({ type: "open" }, BY);
  expect((await controller.state()).records.get("*")).toMatchObject({
    mode: "open",
    restore: null,
    exemptions: { paths: [] },
  });
});
