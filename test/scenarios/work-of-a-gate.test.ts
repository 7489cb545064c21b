import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { adapterGate } from "../../src/adapters/adapter.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate } from "../../src/index.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { chaosStore } from "../../src/testing/doubles/chaos-store.ts";
import { createFakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { countingGate } from "../support/counting-gate.ts";
import { requestFacts } from "../support/request-facts.ts";

describe("gate.hold", () => {
  test("counts until it is released, by `using` or by hand, once", async () => {
    const { gate, counts, clock } = await countingGate();
    {
      using _job = gate.hold("export", { site: "shop" });
      expect(counts()).toMatchObject({ held: 1, oldest: { what: "export", site: "shop", since: clock.now() } });
    }
    expect(counts().held).toBe(0);
    {
      await using _job = gate.hold("export");
      expect(counts()).toMatchObject({ held: 1, oldest: { site: "*" } });
    }
    const first = gate.hold("first");
    gate.hold("second");
    first.release();
    first.release();
    expect(counts()).toMatchObject({ held: 1, oldest: { what: "second" } });
  });

  test("counts for the barriers of its site, of all sites, and of the groups of the gate", async () => {
    const { gate } = await countingGate({ groups: ["payments-db"] });
    gate.hold("export", { site: "shop" });
    const held = (site: string): number | undefined =>
      gateInternals(gate).underWay?.countsOf([{ site, mode: "read-only", paths: ["/x"], version: null }]).held;
    expect(["shop", "*", "payments-db", "blog"].map(held)).toEqual([1, 1, 1, 0]);
  });

  test("holds nothing where the gate does not count", async () => {
    const { gate } = await countingGate({ fleet: false });
    using job = gate.hold("export");
    expect(() => job.release()).not.toThrow();
  });

  test.each([
    [() => ({ label: "" }), /gate\.hold: the label has 0 characters\./],
    [() => ({ label: 7 }), /gate\.hold: the label is a number\./],
    [() => ({ label: "x".repeat(201) }), /gate\.hold: the label has 201 characters\./],
    [
      () => ({ label: "export", site: "No Site" }),
      /gate\.hold: the option 'site' is 'No Site', which is no id of a site\./,
    ],
  ])("refuses an invalid argument", async (given, message) => {
    const { gate } = await countingGate();
    const { label, site } = given() as { label: string; site?: string };
    expect(() => gate.hold(label, { site })).toThrow(expect.objectContaining({ code: "ERR_INVALID_OPTION" }));
    expect(() => gate.hold(label, { site })).toThrow(message);
  });
});

describe("gate.whenOpen", () => {
  test("resolves at once for an open site, and holds the caller in every other mode until it opens", async () => {
    const { gate, close, open } = await countingGate({ sites: { shop: { hosts: ["shop.example"] }, blog: {} } });
    await gate.whenOpen({ site: "shop" });
    for (const mode of ["read-only", "closed"] as const) {
      await close({ mode }, "shop");
      await gate.whenOpen({ site: "blog" });
      let isOpen = false;
      const opened = gate.whenOpen({ site: "shop" }).then(() => {
        isOpen = true;
      });
      await nextTurn();
      expect(isOpen).toBe(false);
      await open("shop");
      await opened;
    }
  });

  test("waits for the first load, and for the end of a closure that ends automatically", async () => {
    const clock = createFakeClock();
    const store = memoryStore();
    const test = await countingGate({ store, clock });
    await test.close({ until: new Date(clock.now() + 60_000).toISOString() });
    const gate = createGate({ store, clock });
    let isOpen = false;
    const opened = gate.whenOpen().then(() => {
      isOpen = true;
    });
    await clock.advance(59_000);
    expect(isOpen).toBe(false);
    await clock.advance(2_000);
    await opened;
    await gate.close();
  });

  test("rejects with the reason of the signal, or once the gate is closed, and keeps no listener", async () => {
    const { gate, close } = await countingGate();
    await close();
    const stopping = new AbortController();
    const reason = new Error("the worker stops");
    const aborted = gate.whenOpen({ signal: stopping.signal });
    stopping.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await expect(gate.whenOpen({ signal: stopping.signal })).rejects.toBe(reason);
    const ended = gate.whenOpen();
    await gate.close();
    await expect(ended).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
    await expect(gate.whenOpen()).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
  });

  test("refuses an invalid option", async () => {
    const { gate } = await countingGate();
    await expect(gate.whenOpen({ site: "No Site" })).rejects.toMatchObject({ code: "ERR_INVALID_OPTION" });
    await expect(gate.whenOpen(JSON.parse('{ "signal": "now" }'))).rejects.toThrow(
      /gate\.whenOpen: the option 'signal' is a string\./,
    );
  });
});

describe("gate.readiness", () => {
  test("is false until the state is loaded, and true on a closed site and while the store is away", async () => {
    const clock = createFakeClock();
    const store = chaosStore(memoryStore());
    const gate = createGate({ store, clock, logger: { debug() {}, info() {}, warn() {}, error() {} } });
    expect(gate.readiness()).toEqual({ ready: false, reason: "never-loaded", version: 0 });
    store.inject("fail");
    const ready = gate.ready();
    await clock.advance(6_000);
    await ready;
    expect(gate.readiness().ready).toBe(false);
    store.recover();
    await gate.refresh();
    expect(gate.readiness()).toEqual({ ready: true, reason: "ready", version: 0 });
    store.inject("fail");
    await gate.refresh();
    expect(gate.readiness().ready).toBe(true);
    await gate.close();

    const closed = await countingGate();
    await closed.close();
    expect(closed.gate.readiness()).toEqual({ ready: true, reason: "ready", version: 1 });
  });

  test("is true without a state where an override decides, and false while the gate is fenced", async () => {
    const gate = createGate({ store: memoryStore(), override: "on" });
    expect(gate.readiness().ready).toBe(true);
    Reflect.set(gateInternals(gate), "isFenced", () => true);
    expect(gate.readiness()).toEqual({ ready: false, reason: "fenced", version: 0 });
  });
});

test("an adapter for a framework with requests of its own counts them until it ends them", async () => {
  const { gate, counts } = await countingGate();
  {
    using counted = adapterGate(gate).countRequest(requestFacts({ method: "POST", target: "/import?token=1" }));
    expect(counts()).toMatchObject({ requests: 1, writes: 1, oldest: { what: "POST /import" } });
    counted.end();
    expect(counts().requests).toBe(0);
  }
  expect(counts().requests).toBe(0);
});
