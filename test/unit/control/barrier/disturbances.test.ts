import { describe, expect, it } from "vitest";
import { parseBarrier } from "../../../../src/fleet/barrier.ts";
import type { Store } from "../../../../src/stores/store.ts";
import { type ChaosStore, chaosStore } from "../../../../src/testing/doubles/chaos-store.ts";
import { type BarrierWorld, barrierWorld } from "../../../support/barrier-world.ts";
import { barriersOf, kindsOf, withMembers } from "./world-of.ts";

describe("what others do", () => {
  it("a second barrier on the same site is refused, and says who holds it", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const first = world.begin();
    await world.clock.advance(1_000);
    await expect(world.begin({}, { command: { sites: ["*"] } })).rejects.toMatchObject({
      code: "ERR_HELD",
      message: "Held by 'on' on desk (pid 1): shop.",
    });
    await world.finish(first);
  });

  it("a queued barrier waits for it", async () => {
    const { world, members } = await withMembers("a");
    const work = members[0]?.admit("shop");
    const first = world.begin();
    await world.clock.advance(1_000);
    const second = world.begin({ queue: true });
    await world.clock.advance(30_000);
    if (work) members[0]?.finish(work);
    expect((await world.finish(first)).result.exit).toBe(0);
    expect((await world.finish(second)).result.exit).toBe(0);
  });

  it("opening during the wait ends it with 7, and stays", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const run = world.begin();
    await world.clock.advance(10_000);
    await world.controller.open("shop");
    const { result } = await world.finish(run);
    expect(result).toMatchObject({ exit: 7, reasons: [{ kind: "opened", site: "shop" }] });
    expect((await world.controller.state()).records.get("shop")?.mode).toBe("open");
  });

  it.each([
    ["narrowed", { paths: ["/checkout/*"] }],
    ["weakened to read-only", { mode: "read-only" }],
    ["given an exemption", { exempt: { addresses: ["10.0.0.0/8"] } }],
  ] as const)("a closure that is %s ends it with 7", async (_how, change) => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const run = world.begin();
    await world.clock.advance(10_000);
    await world.controller.execute({ type: "close", sites: ["shop"], ...change }, "bob");
    expect((await world.finish(run)).result).toMatchObject({ exit: 7, reasons: [{ kind: "weakened" }] });
  });

  it("an exemption of all sites ends it with 7 too", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const run = world.begin();
    await world.clock.advance(10_000);
    await world.controller.exemptions.add("*", { addresses: ["10.0.0.0/8"] });
    expect((await world.finish(run)).result).toMatchObject({ exit: 7, reasons: [{ kind: "weakened", site: "*" }] });
  });

  it.each([
    ["an opening", ["open"], { exit: 7, proofs: 1 }],
    ["an opening and a closure", ["open", "close"], { exit: 0, proofs: 2 }],
  ] as const)("%s between the last look and the proof is seen", async (_what, types, expected) => {
    let proofs = 0;
    const world: BarrierWorld = barrierWorld({
      wrap: (store) => ({
        ...store,
        ...(store.members && {
          members: {
            ...store.members,
            async setBarrier(barrier, seen, options) {
              if (barrier.text.includes('"phase":"proven"')) {
                proofs += 1;
                for (const type of proofs === 1 ? types : []) {
                  await world.controller.execute({ type, sites: ["shop"] }, "bob");
                }
              }
              return (await store.members?.setBarrier(barrier, seen, options)) ?? { ok: false, held: [] };
            },
          },
        }),
      }),
    });
    await world.member("a");
    await world.settle();
    const { result } = await world.close();
    expect({ exit: result.exit, proofs }).toEqual(expected);
  });

  it("a new message does not end it", async () => {
    const { world, members } = await withMembers("a");
    const work = members[0]?.admit("shop");
    const run = world.begin();
    await world.clock.advance(10_000);
    await world.controller.close("shop", { message: "Back at ten" });
    if (work) members[0]?.finish(work);
    expect((await world.finish(run)).result.exit).toBe(0);
  });

  it("a barrier that was swept ends with 7, also if everything has closed since", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const run = world.begin();
    await world.clock.advance(10_000);
    for (const { id } of await barriersOf(world)) {
      for (let seq = 1; seq < 20; seq += 1) await world.store.members?.removeBarrier(id, seq);
    }
    const { result } = await world.finish(run);
    expect(result).toMatchObject({ exit: 7, closed: true, reasons: [{ kind: "swept" }] });
  });

  it("a list that was wiped ends it with 7", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const run = world.begin();
    await world.clock.advance(10_000);
    world.storage.wipe();
    const { result } = await world.finish(run);
    expect(result.exit).toBe(7);
  });

  it("a barrier that is removed between the last look and the proof ends with 7", async () => {
    const { world } = await withMembers("a");
    const run = world.begin({
      onProgress: ({ phase, processes }) => {
        if (phase === "draining" && processes.every(({ standing }) => standing === "closed")) world.storage.wipe();
      },
    });
    const { result } = await world.finish(run);
    expect(result).toMatchObject({ exit: 7, reasons: [{ kind: "swept" }] });
  });

  it("members sweep the barrier of a coordinator that has died", async () => {
    const { world, members } = await withMembers("a");
    await world.store.members?.setBarrier({ id: "dead", targets: ["shop"], text: detailsOfTheDead() }, null);
    await world.clock.advance(120_000);
    expect(await barriersOf(world)).toEqual([]);
    await world.clock.advance(40_000);
    expect(members[0]?.isBound).toBe(false);
  });

  it("what an unproven barrier evicted does not count for the next one", async () => {
    const { world, members } = await withMembers("a", "b");
    members[1]?.freeze();
    const rows = (await world.store.members?.list())?.rows ?? [];
    const [row] = rows.filter(({ id }) => id === "b-1");
    await world.store.members?.evict("b-1", row?.seq ?? 0, "a barrier that was swept");
    const { result } = await world.close({ timeout: "40s" });
    expect(result.exit).toBe(6);
    expect(kindsOf(result.reasons)).toEqual(["b silent"]);
  });
});

describe("what proves nothing", () => {
  it("a row of a copy of the state", async () => {
    const world = barrierWorld();
    await world.member("a");
    const copy: Store = {
      ...world.store,
      async load(options) {
        const document = await world.store.load(options);
        return { ...document, lineage: `${document.lineage}~copy1` };
      },
    };
    await world.member("b", { store: copy });
    await world.settle();
    const { result } = await world.close({ timeout: "30s" });
    expect(result.exit).toBe(6);
    expect(result.reasons).toMatchObject([{ process: { label: "b", because: "lineage" } }]);
  });

  it("a process that has left: it admits nothing afterwards", async () => {
    const { world, members } = await withMembers("a", "b");
    await members[1]?.leave();
    const { result } = await world.close();
    expect(result.exit).toBe(0);
    expect(members[1]?.admit("shop")).toBeNull();
  });

  it("the silence of a holder: the site stays closed, and the processes are no longer bound", async () => {
    const { world, members } = await withMembers("a");
    const { held } = await world.close({}, { isHold: true });
    expect(held).not.toBeNull();
    await world.clock.advance(600_000);
    expect((await world.controller.state()).records.get("shop")?.mode).toBe("closed");
    expect((await barriersOf(world)).map((barrier) => parseBarrier(barrier).phase)).toEqual(["lost"]);
    expect(members[0]?.isBound).toBe(false);
    expect(members[0]?.admit("shop")).toBeNull();
    expect(members[0]?.admit("blog")).not.toBeNull();
  });
});

describe("failures of the store", () => {
  it.each(["lose", "fail"] as const)("a commit that rejects (%s) is looked up, and written once", async (fault) => {
    const chaos: ChaosStore[] = [];
    const world = barrierWorld({
      wrap(store) {
        const chaotic = chaosStore(store);
        chaos.push(chaotic);
        return store.members === undefined ? chaotic : { ...chaotic, members: store.members };
      },
    });
    await world.member("a");
    await world.settle();
    const run = world.begin({
      onProgress: ({ phase }) => {
        if (phase === "arming") chaos[0]?.inject(fault, "commit");
      },
    });
    await world.clock.advance(5_000);
    chaos[0]?.recover();
    const { result } = await world.finish(run);
    expect(result.exit).toBe(0);
    const closures = (await world.store.history({ limit: 50 })).filter(({ command }) => command === "close");
    expect(closures).toHaveLength(1);
  });

  it("answers of the list that get lost change nothing", async () => {
    const { world } = await withMembers("a", "b");
    let calls = 0;
    world.storage.fault = (call, key) => {
      if (call !== "put" || key !== "barriers") return "none";
      calls += 1;
      return calls % 2 === 1 ? "lose" : "none";
    };
    const { result } = await world.close();
    expect(result.exit).toBe(0);
  });

  it("a store that does not answer is named, and the coordinator ends", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const run = world.begin({ timeout: "40s" });
    await world.clock.advance(10_000);
    world.storage.fault = () => "fail";
    const { result } = await world.finish(run);
    expect(result.exit).toBe(6);
    expect(kindsOf(result.reasons)).toContain("store");
    expect(result.remarks.map(({ kind }) => kind)).toContain("barrier-left");
  });
});

describe("controller.close with `wait`", () => {
  it("resolves with what was proved, and with the change", async () => {
    const { world } = await withMembers("a");
    const closing = world.controller.close("shop", { message: "Back soon", wait: { timeout: "1m" } });
    let isDone = false;
    void closing.finally(() => {
      isDone = true;
    });
    while (!isDone) await world.clock.advance(250);
    expect(await closing).toMatchObject({ exit: 0, change: { outcomes: [{ site: "shop", effect: "closed" }] } });
  });

  it("refuses an invalid wait before anything is closed", async () => {
    const { world } = await withMembers("a");
    await expect(world.controller.close("shop", { wait: { timeout: "soon" } })).rejects.toMatchObject({
      code: "ERR_INVALID_TIME",
    });
    await expect(world.controller.close("shop", { wait: { expect: 0 } })).rejects.toMatchObject({
      code: "ERR_INVALID_COMMAND",
    });
    expect((await world.controller.state()).records.size).toBe(0);
  });
});

describe("the end", () => {
  it("an abort ends with 6, leaves `on` closed and no barrier", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const ending = new AbortController();
    const run = world.begin({ signal: ending.signal });
    await world.clock.advance(10_000);
    ending.abort();
    const { result } = await world.finish(run);
    expect(result).toMatchObject({ exit: 6, interrupted: true, closed: true });
    expect(await barriersOf(world)).toEqual([]);
  });

  it("a hold that is not proven in time is restored", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const { result } = await world.close({ timeout: "30s" }, { isHold: true });
    expect(result).toMatchObject({ exit: 6, closed: true, restored: true });
    expect((await world.controller.state()).records.get("shop")?.mode).toBe("open");
  });

  it("a hold that is proven goes on", async () => {
    const { world } = await withMembers("a");
    const { result, held } = await world.close({}, { isHold: true, label: "run" });
    expect(result).toMatchObject({ exit: 0, closed: true });
    expect(held).not.toBeNull();
    expect(await barriersOf(world)).toHaveLength(1);
    expect(result.fence).toMatch(/^[\w-]+:1$/);
  });

  it("without a wait the site is held at once, and nothing is claimed", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop");
    const { result, held } = await world.close({}, { isHold: true, proves: false });
    expect(result).toMatchObject({ exit: 0, closed: true });
    expect(held?.details.phase).toBe("closing");
    expect(result.elapsed).toBeLessThan(2_000);
  });
});

function detailsOfTheDead(): string {
  return JSON.stringify({
    phase: "arming",
    isHold: false,
    targets: [{ site: "shop", mode: "closed", paths: [], version: null }],
    holder: {
      process: { pid: 9, started: "", space: "there", host: "gone" },
      label: "on",
      since: "2026-01-01T00:00:00Z",
    },
    keepsUsers: false,
  });
}
