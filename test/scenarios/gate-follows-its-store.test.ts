import { describe, expect, test, vi } from "vitest";
import { createGate } from "../../src/gate.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { BY, gateUnderTest } from "../support/gate-under-test.ts";

const POLL = 2_500;

describe("starting", () => {
  test("nothing is read before somebody asks for it", async () => {
    const { gate, store, clock } = gateUnderTest();
    await clock.advance(POLL);
    expect(store.calls.load).toBe(0);
    expect(gate.status().state).toBe("starting");
  });

  test("the first requests wait for the first load, so that a restart lets nobody into a closed site", async () => {
    const { gate, controller, passes } = gateUnderTest();
    await controller.execute({ type: "close" }, BY);
    expect(gate.snapshot.passAll).toBe(false);
    await gate.settle();
    expect(gate.settle()).toBeNull();
    expect(passes()).toBe(false);
  });

  test("they wait no longer than the start timeout, and then the policy counts", async () => {
    const { gate, store, clock, passes, log } = gateUnderTest({ whenNeverLoaded: "closed", startTimeout: 1_000 });
    store.inject("hang", "load");
    const settled = gate.settle();
    await clock.advance(1_000);
    await settled;
    expect(passes()).toBe(false);
    expect(gate.status()).toMatchObject({ neverLoaded: true, state: "starting" });
    expect(log.join()).toContain('whenNeverLoaded: "closed"');
    store.mend();
    await vi.waitUntil(passes);
  });

  test.each(["open", "closed"] as const)(
    "a store that is gone leaves it %s, as configured, until it answers",
    async (policy) => {
      const { gate, store, clock, passes, controller } = gateUnderTest({ whenNeverLoaded: policy });
      store.inject("fail");
      expect(await gate.ready()).toMatchObject({
        state: "stale",
        neverLoaded: true,
        error: { code: "ERR_STORE_UNAVAILABLE" },
      });
      expect(passes()).toBe(policy === "open");
      await controller.execute({ type: "close" }, BY);
      store.mend();
      await clock.advance(POLL);
      expect(gate.status()).toMatchObject({ neverLoaded: false, error: null });
      expect(passes()).toBe(false);
    },
  );
});

describe("following", () => {
  test("a switch is seen at once where the store can tell", async () => {
    const { gate, controller, clock, passes } = gateUnderTest();
    await gate.ready();
    expect(gate.snapshot.passAll).toBe(true);
    await controller.execute({ type: "close" }, BY);
    await clock.advance(0);
    expect(passes()).toBe(false);
    await controller.execute({ type: "open" }, BY);
    await clock.advance(0);
    expect(gate.snapshot.passAll).toBe(true);
    expect(gate.status()).toMatchObject({ state: "live", version: 2 });
  });

  test("and with the next poll where it cannot, or the hint got lost", async () => {
    const { gate, controller, store, clock, passes } = gateUnderTest();
    store.inject("fail", "watch");
    expect(await gate.ready()).toMatchObject({ state: "polling" });
    await controller.execute({ type: "close" }, BY);
    await clock.advance(0);
    expect(passes()).toBe(true);
    await clock.advance(POLL);
    expect(passes()).toBe(false);
  });

  test("a watch that broke is taken up again", async () => {
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

  test("polls never overlap, and stop with the gate", async () => {
    const { gate, store, clock } = gateUnderTest();
    await gate.ready();
    store.inject("hang", "changesSince");
    await clock.advance(POLL * 3);
    expect(store.calls.changesSince).toBeLessThanOrEqual(2);
    store.mend();
    await clock.advance(0);
    await gate.close();
    const { changesSince } = store.calls;
    await clock.advance(POLL * 10);
    expect(store.calls.changesSince).toBe(changesSince);
    expect(clock.timers).toBe(0);
    expect(gate.status().state).toBe("closed");
  });

  test("the state is loaded once, and then only what changed", async () => {
    const { gate, store, clock, controller } = gateUnderTest();
    await gate.ready();
    await controller.execute({ type: "close" }, BY);
    await controller.execute({ type: "open" }, BY);
    await clock.advance(POLL * 5);
    expect(gate.status().version).toBe(2);
    expect(store.calls.load).toBeLessThanOrEqual(2);
  });

  test("what did not change is compiled once", async () => {
    const { gate, controller, clock } = gateUnderTest({ sites: { shop: {}, blog: {} } });
    await controller.execute({ type: "close", sites: ["blog"] }, BY);
    await gate.ready();
    const before = gate.snapshot.sites.get("blog");
    await controller.execute({ type: "close", sites: ["shop"] }, BY);
    await clock.advance(0);
    expect(gate.snapshot.sites.get("shop")?.mode).toBe("closed");
    expect(gate.snapshot.sites.get("blog")).toBe(before);
  });
});

describe("when the store is away", () => {
  test("the last state holds, the status says stale, and all is well when it is back", async () => {
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
    store.mend();
    await clock.advance(POLL);
    expect(passes()).toBe(true);
    expect(gate.status().error).toBeNull();
  });

  test("a store that swallows a call is given up on, and asked again", async () => {
    const { gate, store, clock, controller, passes } = gateUnderTest();
    await gate.ready();
    store.inject("hang", "changesSince");
    await clock.advance(POLL + 10_000);
    expect(gate.status().state).toBe("stale");
    await controller.execute({ type: "close" }, BY);
    store.mend();
    await clock.advance(POLL);
    expect(passes()).toBe(false);
  });

  test("a closure that ends while it is away ends all the same", async () => {
    const { gate, store, clock, controller, passes } = gateUnderTest();
    await controller.execute({ type: "close", until: "2026-11-21T13:00:00Z" }, BY);
    await gate.ready();
    store.inject("fail");
    await clock.advance(3_599_999);
    expect(passes()).toBe(false);
    await clock.advance(1);
    expect(passes()).toBe(true);
    expect(gate.snapshot.passAll).toBe(true);
  });
});

describe("what cannot be read", () => {
  test("is refused whole: the gate keeps what it has, and says so", async () => {
    const { gate, store, clock, controller, passes, log } = gateUnderTest();
    await controller.execute({ type: "close" }, BY);
    await gate.ready();
    const { lineage } = gate.snapshot;
    const record = { id: "*", seen: 1, before: "{}", after: '{"mode":"ajar"}' };
    await store.commit({ lineage, command: "edit", records: [record], at: "2026-11-21T12:00:00Z", by: BY, reason: "" });
    await clock.advance(POLL);
    expect(passes()).toBe(false);
    expect(gate.status()).toMatchObject({ state: "stale", error: { code: "ERR_STATE_UNREADABLE" } });
    expect(log.join()).toContain("'ajar'");
  });
});

test("every gate over the same store follows", async () => {
  const store = memoryStore();
  const [first, second] = [gateUnderTest({ store }), gateUnderTest({ store })];
  await Promise.all([first.gate.ready(), second.gate.ready()]);
  await first.controller.execute({ type: "close" }, BY);
  await Promise.all([first.gate.refresh(), second.gate.refresh()]);
  expect([first.passes(), second.passes()]).toEqual([false, false]);
});

test("listeners hear of each change until they leave, and one that throws harms nobody", async () => {
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
  expect(log.every((line) => line.includes("A listener threw: of the application"))).toBe(true);
});

test("it tells templates what is in force", async () => {
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

test("a store made by the application is not closed with the gate", async () => {
  const store = memoryStore();
  const gate = createGate({ store });
  await gate.ready();
  await gate.close();
  await gate.close();
  expect((await store.load()).version).toBe(0);
});

test("what a closure let in for its time does not outlast it, not even into the next closure", async () => {
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
