import { describe, expect, test } from "vitest";
import { LEASE_MS, SWEEP_MS } from "../../src/fleet/barrier.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { barrierText, rowsOf } from "../support/barriers.ts";
import { gateWithList as setUp, told } from "../support/gate-with-list.ts";

describe("a barrier", () => {
  test("binds a gate with the renewal after the one that learns of it, within a second of a change", async () => {
    const { gate, clock, arm, row, controller } = await setUp();
    await controller.close("blog");
    await clock.advance(2_000);
    await arm({ targets: [{ site: "shop" }] });
    expect((await row())?.bound).toBe(0);
    await controller.open("blog");
    await clock.advance(1_500);
    expect(await row()).toMatchObject({
      bound: 1,
      attests: [{ barrier: "barrier", outcome: "open", because: "behind" }],
    });
    expect(told(gate)).toBe("allow open");
    expect(gateInternals(gate).snapshot.passAll).toBe(false);
  });

  test("is attested as closed once the gate has closed, and ends with an answer of the list", async () => {
    const { gate, clock, arm, row, controller, members } = await setUp({
      exempt: { paths: ["/healthz"], addresses: ["10.0.0.0/8"] },
    });
    await arm({ targets: [{ site: "shop" }] });
    await controller.close("shop");
    await clock.advance(2_000);
    expect(await row()).toMatchObject({
      bound: 1,
      attests: [{ outcome: "closed", waysIn: { address: 1, path: 2 }, underWay: { requests: 0 } }],
    });
    await controller.open("shop");
    await members.removeBarrier("barrier", 1);
    await clock.advance(5_000);
    expect(await row()).toMatchObject({ bound: 0, attests: [], renews: 30_000 });
    expect(gateInternals(gate).snapshot).toMatchObject({ binding: null, passAll: true });
  });

  test("fences a gate that cannot renew its lease: its targets are closed, and nothing else", async () => {
    const { gate, clock, arm, store, controller, members } = await setUp();
    await arm({ targets: [{ site: "shop" }] });
    await controller.close("blog");
    await controller.open("blog");
    await clock.advance(2_000);
    store.isAway = true;
    await clock.advance(LEASE_MS - 2_001);
    expect(told(gate)).toBe("allow open");
    await clock.advance(4_000);
    expect(told(gate)).toBe("block fenced");
    expect(told(gate, "blog.example")).toBe("allow open");
    expect(gate.isClosed("shop")).toBe(true);
    await members.removeBarrier("barrier", 1);
    await clock.advance(600_000);
    expect(told(gate)).toBe("block fenced");
    store.isAway = false;
    await clock.advance(10_000);
    expect(told(gate)).toBe("allow open");
    expect(gateInternals(gate).snapshot.passAll).toBe(true);
  });

  test("never fences a gate that it has not bound", async () => {
    const { gate, clock, arm, store } = await setUp();
    store.isAway = true;
    await arm();
    await clock.advance(600_000);
    expect(told(gate)).toBe("allow open");
  });

  test("that evicted a gate shuts it until it is in the list again and has read the state", async () => {
    const { gate, clock, arm, wake, members, inner, store } = await setUp();
    await arm({ targets: [{ site: "shop" }] });
    await wake();
    const [before] = await rowsOf(inner);
    expect(before?.bound).toBe(1);
    store.cannotRead = true;
    expect(await members.evict(before?.id ?? "", before?.seq ?? 0, "barrier")).toBe("ok");
    await clock.advance(4_000);
    const rowAfter = async () => (await rowsOf(inner)).find(({ prior }) => prior === before?.id);
    expect(await rowAfter()).toMatchObject({ evicted: null, bound: 0, attests: [{ because: "not loaded" }] });
    expect(told(gate)).toBe("block fenced");
    expect(told(gate, "blog.example")).toBe("allow open");
    store.cannotRead = false;
    await clock.advance(8_000);
    expect(await rowAfter()).toMatchObject({ bound: 1, attests: [{ because: "behind" }] });
    expect(told(gate)).toBe("allow open");
  });

  test("is removed by a gate if its coordinator no longer renews it", async () => {
    const { clock, arm, controller, members, row } = await setUp();
    await arm();
    await controller.close("blog");
    await clock.advance(SWEEP_MS);
    expect((await members.list()).barriers).toHaveLength(1);
    await clock.advance(SWEEP_MS);
    expect((await members.list()).barriers).toEqual([]);
    expect((await row())?.bound).toBe(0);
  });

  test("is kept while its coordinator renews it", async () => {
    const { clock, arm, controller, members } = await setUp();
    await arm();
    await controller.close("blog");
    for (let seq = 1; seq < 10; seq += 1) {
      await clock.advance(SWEEP_MS / 2);
      expect(await members.setBarrier(barrierText(), seq)).toMatchObject({ ok: true });
    }
  });

  test.each([
    ["an override", { override: "off" }, "*", { outcome: "open", because: "override" }],
    ["an override that closes", { override: "on" }, "*", { outcome: "closed" }],
    ["a group that it does not name", {}, "payments-db", { outcome: "not-mine" }],
    ["a group that it names", { groups: ["payments-db"] }, "payments-db", { outcome: "open", because: "behind" }],
    ["an unknown site", {}, "shop", { outcome: "open", because: "behind" }],
  ] as const)("is attested by a gate with %s", async (_, options, site, attest) => {
    const { clock, arm, row } = await setUp(options);
    await arm({ targets: [{ site }] });
    await clock.advance(34_000);
    // What a barrier closes, an override opens: the gate does not claim to obey it.
    const bound = "override" in options && options.override === "off" ? 0 : 1;
    expect(await row()).toMatchObject({ bound, attests: [attest] });
  });

  test("on paths is attested as closed by a closure of these paths, and by one of the whole site", async () => {
    const { clock, arm, row, controller } = await setUp();
    await arm({ targets: [{ site: "shop", paths: ["/checkout/*"] }] });
    await controller.close("shop", { paths: ["/cart"] });
    await clock.advance(2_000);
    expect((await row())?.attests).toMatchObject([{ outcome: "open", because: "scope" }]);
    await controller.close("shop", { paths: ["/cart", "/checkout/*"] });
    await clock.advance(2_000);
    expect((await row())?.attests).toMatchObject([{ outcome: "closed" }]);
    await controller.open("shop");
    await controller.close("*");
    await clock.advance(2_000);
    expect((await row())?.attests).toMatchObject([{ outcome: "closed" }]);
  });
});

describe("a closure that is held", () => {
  test("does not open by its end, but by a change", async () => {
    const { gate, clock, arm, controller, members, versionOf } = await setUp();
    await controller.close("shop", { until: "2026-01-01T00:10:00Z" });
    const hold = { isHold: true, targets: [{ site: "shop", version: await versionOf("shop") }] };
    await arm(hold);
    for (let seq = 1; seq < 15 * 6; seq += 1) {
      await members.setBarrier(barrierText(hold), seq);
      await clock.advance(10_000);
    }
    expect(clock.now()).toBeGreaterThan(Date.parse("2026-01-01T00:10:00Z"));
    expect(told(gate)).toBe("block mode");
    await controller.open("shop", { anyway: true });
    await clock.advance(5_000);
    expect(told(gate)).toBe("allow open");
  });

  test("ends by the clock again when it is no longer held", async () => {
    const { gate, clock, arm, controller, members, versionOf } = await setUp();
    await controller.close("shop", { until: "2026-01-01T00:00:30Z" });
    await arm({ isHold: true, targets: [{ site: "shop", version: await versionOf("shop") }] });
    await clock.advance(34_000);
    expect(told(gate)).toBe("block mode");
    await members.removeBarrier("barrier", 1);
    await clock.advance(5_000);
    expect(told(gate)).toBe("allow open");
  });

  test("does not open by an earlier version of the state, until it is no longer held", async () => {
    const { gate, clock, arm, controller, members, inner, versionOf } = await setUp();
    await controller.close("blog");
    const backup = { ...(await inner.load()), history: [...(await inner.history({ limit: 10 }))] };
    await controller.close("shop");
    await arm({ isHold: true, targets: [{ site: "shop", version: await versionOf("shop") }] });
    await clock.advance(2_000);
    const { lineage, version } = await inner.load();
    await inner.importState(backup, { lineage, version });
    await clock.advance(5_000);
    expect(told(gate)).toBe("block mode");
    await members.removeBarrier("barrier", 1);
    await clock.advance(5_000);
    expect(told(gate)).toBe("allow open");
    expect(told(gate, "blog.example")).toBe("block mode");
  });
});
