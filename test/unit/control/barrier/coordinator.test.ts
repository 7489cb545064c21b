import { describe, expect, it } from "vitest";
import type { WaitReason } from "../../../../src/control/barrier/wait-result.ts";
import { type ChaosStore, chaosStore } from "../../../../src/testing/doubles/chaos-store.ts";
import { type BarrierWorld, barrierWorld } from "../../../support/barrier-world.ts";

const kinds = (reasons: readonly WaitReason[]): readonly string[] =>
  reasons.map((reason) =>
    reason.kind === "process" ? `${reason.process.label} ${reason.process.standing}` : reason.kind,
  );

async function withMembers(...names: readonly string[]) {
  const world = barrierWorld();
  const members = await world.members(...names);
  await world.settle();
  return { world, members };
}

const barriers = async ({ store }: BarrierWorld) => (await store.members?.list())?.barriers ?? [];

describe("a proven closure", () => {
  it("returns 0 once every process has closed, and removes the barrier", async () => {
    const { world } = await withMembers("a", "b");
    const { result } = await world.close();
    expect(result).toMatchObject({ exit: 0, closed: true, assumed: false, reasons: [] });
    expect(result.processes.map(({ label, standing }) => `${label} ${standing}`)).toEqual(["a closed", "b closed"]);
    expect(await barriers(world)).toEqual([]);
    expect((await world.controller.state()).records.get("shop")?.mode).toBe("closed");
  });

  it("waits for a request that was let in before", async () => {
    const { world, members } = await withMembers("a", "b");
    const work = members[0]?.admit("shop", "writes", "POST /import");
    const run = world.begin();
    await world.clock.advance(60_000);
    if (work) members[0]?.finish(work);
    const { result } = await world.finish(run);
    expect(result.exit).toBe(0);
    expect(result.elapsed).toBeGreaterThan(60_000);
  });

  it("does not wait for requests of another site, and not for exempt ones", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("blog");
    members[0]?.admit("shop", "exempted");
    const { result } = await world.close();
    expect(result).toMatchObject({ exit: 0, exempted: 1 });
  });

  it("waits only for writes in read-only mode", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop", "requests");
    expect((await world.close({}, { command: { mode: "read-only" } })).result.exit).toBe(0);
  });

  it("leaves streams and sockets running if told to, and names them", async () => {
    const { world, members } = await withMembers("a");
    members[0]?.admit("shop", "streams");
    members[0]?.admit("shop", "sockets");
    const { result } = await world.close({ streams: "keep", sockets: "keep" });
    expect(result).toMatchObject({ exit: 0, kept: ["streams", "sockets"] });
  });

  it("names the ways in", async () => {
    const world = barrierWorld({ exempt: { addresses: ["10.0.0.0/8"], users: { staff: true }, healthPaths: [] } });
    await world.member("a");
    await world.settle();
    const { result } = await world.close();
    expect(result.waysIn.map(({ kind, rule }) => `${kind} ${rule}`)).toEqual(
      expect.arrayContaining(["address 10.0.0.0/8", "user staff"]),
    );
  });

  it("tells the listener what it waits for", async () => {
    const { world, members } = await withMembers("web-3");
    members[0]?.admit("shop", "requests", "POST /import");
    const seen: string[] = [];
    const run = world.begin({
      timeout: "30s",
      onProgress: ({ phase, processes }) => {
        for (const { label, standing, waitsFor, oldest } of processes) {
          seen.push(`${phase}: ${label} ${standing} ${waitsFor} ${oldest?.what}`);
        }
      },
    });
    const { result } = await world.finish(run);
    expect(seen).toContain("draining: web-3 draining 1 POST /import");
    expect(kinds(result.reasons)).toEqual(["web-3 draining"]);
    expect(result).toMatchObject({ exit: 6, closed: true });
  });
});

describe("processes that are not heard", () => {
  it("a process that falls silent after it was bound is evicted: 5", async () => {
    const { world, members } = await withMembers("a", "b");
    const work = members[1]?.admit("shop");
    const run = world.begin();
    await world.clock.advance(3_000);
    members[1]?.freeze();
    const { result } = await world.finish(run);
    expect(work).not.toBeNull();
    expect(result).toMatchObject({ exit: 5, closed: true });
    expect(kinds(result.reasons)).toEqual(["b evicted"]);
    expect(result.elapsed).toBeGreaterThan(13_000);
    expect((await world.store.members?.list())?.rows.map(({ id }) => id)).toEqual(["a-1"]);
  });

  it("is 0 by assumption after the accepted time", async () => {
    const { world, members } = await withMembers("a", "b");
    members[1]?.admit("shop");
    const run = world.begin({ acceptEvicted: "60s" });
    await world.clock.advance(3_000);
    members[1]?.freeze();
    const { result } = await world.finish(run);
    expect(result).toMatchObject({ exit: 0, assumed: true });
    expect(result.elapsed).toBeGreaterThan(73_000);
  });

  it("is 0 if the evicted process comes back, with what it still does", async () => {
    const { world, members } = await withMembers("a", "b");
    const work = members[1]?.admit("shop");
    const run = world.begin({ acceptEvicted: "60s" });
    await world.clock.advance(3_000);
    members[1]?.freeze();
    await world.clock.advance(20_000);
    members[1]?.thaw();
    await world.clock.advance(10_000);
    expect(members[1]?.id).toBe("b-2");
    await world.clock.advance(60_000);
    if (work) members[1]?.finish(work);
    const { result } = await world.finish(run);
    expect(result).toMatchObject({ exit: 0, assumed: false });
  });

  it("a process that was silent before is named: `on` closes all the same, and ends with 6", async () => {
    const { world, members } = await withMembers("a", "b");
    members[1]?.freeze();
    await world.clock.advance(100_000);
    const { result } = await world.close({ timeout: "30s" });
    expect(result).toMatchObject({ exit: 6, closed: true });
    expect(kinds(result.reasons)).toEqual(["b silent"]);
    expect(result.remarks.map(({ kind }) => kind)).toContain("closed-unbound");
  });

  it("a hold gives up, and nothing was closed", async () => {
    const { world, members } = await withMembers("a", "b");
    members[1]?.freeze();
    await world.clock.advance(100_000);
    const { result, held } = await world.close({}, { isHold: true });
    expect(result).toMatchObject({ exit: 6, closed: false });
    expect(result.elapsed).toBeLessThan(10_000);
    expect(held).toBeNull();
    expect(await barriers(world)).toEqual([]);
  });

  it("removes the row of a process of the same machine that has died", async () => {
    const { world, members } = await withMembers("a", "b");
    members[1]?.kill();
    world.dead.add(102);
    const { result } = await world.close();
    expect(result.exit).toBe(0);
    expect(result.processes).toHaveLength(1);
  });

  it("a process that a barrier of another site has evicted and removed is not taken for one that has left", async () => {
    const { world, members } = await withMembers("a", "b");
    const work = members[0]?.admit("shop");
    members[1]?.admit("shop");
    const run = world.begin({}, { command: { sites: ["blog"] } });
    const other = world.begin();
    await world.clock.advance(3_000);
    members[1]?.freeze();
    expect((await world.finish(run)).result.exit).toBe(5);
    if (work) members[0]?.finish(work);
    const { result } = await world.finish(other);
    expect(kinds(result.reasons)).toEqual(["b evicted"]);
    expect(result.exit).toBe(5);
  });

  it("a row of an older release is never evicted", async () => {
    const world = barrierWorld();
    await world.member("a");
    const old = await world.member("old", { binds: false });
    await world.settle();
    const run = world.begin({ timeout: "60s" });
    await world.clock.advance(3_000);
    old.freeze();
    const { result } = await world.finish(run);
    expect(result.exit).toBe(6);
  });
});

describe("who must be there", () => {
  it("no process at all is no proof", async () => {
    const { result } = await barrierWorld().close();
    expect(result).toMatchObject({ exit: 6, closed: true });
    expect(kinds(result.reasons)).toEqual(["none"]);
  });

  it("a young list is waited for", async () => {
    const world = barrierWorld();
    await world.member("a");
    const { result } = await world.close();
    expect(result.exit).toBe(0);
    expect(result.elapsed).toBeGreaterThan(80_000);
  });

  it("a young list is enough if the expected number has closed", async () => {
    const world = barrierWorld();
    await world.members("a", "b");
    const { result } = await world.close({ expect: 2 });
    expect(result.exit).toBe(0);
    expect(result.elapsed).toBeLessThan(20_000);
  });

  it("fewer than expected is 6", async () => {
    const { world } = await withMembers("a");
    const { result } = await world.close({ expect: 2, timeout: "20s" });
    expect(result.exit).toBe(6);
    expect(result.reasons).toEqual([{ kind: "expected", expected: 2, found: 1 }]);
  });

  it("waits for the time of a new list after the state went back", async () => {
    const { world, members } = await withMembers("a", "b");
    await world.controller.execute({ type: "edit", site: "blog", version: 0, title: "x" }, "ada");
    const backup = { ...(await world.store.load()), history: await world.store.history({ limit: 10 }) };
    await world.controller.execute({ type: "edit", site: "blog", version: 1, title: "y" }, "ada");
    await world.clock.advance(40_000);
    members[1]?.freeze();
    await world.store.importState(backup, await world.store.load());
    const run = world.begin({ timeout: "20s" });
    const { result } = await world.finish(run);
    expect(result.exit).toBe(6);
    expect(kinds(result.reasons)).toContain("young");
  });

  it("surfaces without rows are named", async () => {
    const world = barrierWorld({ surfaces: ["edge worker"] });
    await world.member("a");
    await world.settle();
    const { result } = await world.close();
    expect(result).toMatchObject({ exit: 6, reasons: [{ kind: "surfaces", surfaces: ["edge worker"] }] });
    await world.controller.open("shop");
    expect((await world.close({ surfaces: "ok" })).result.exit).toBe(0);
  });

  it("a process with an override is named", async () => {
    const world = barrierWorld();
    await world.member("a");
    await world.member("b", { override: "open" });
    await world.settle();
    const { result } = await world.close({ timeout: "30s" });
    expect(result.exit).toBe(6);
    expect(result.reasons).toMatchObject([{ process: { label: "b", standing: "open", because: "override" } }]);
  });

  it("a group that no gate names has been closed by none", async () => {
    const world = barrierWorld();
    await world.member("a", { groups: [] });
    await world.settle();
    const { result } = await world.close({}, { command: { sites: ["db"] } });
    expect(kinds(result.reasons)).toEqual(["none"]);
    expect(result.processes.map(({ standing }) => standing)).toEqual(["not-mine"]);
  });
});

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
    for (const { id } of await barriers(world)) {
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
    expect(await barriers(world)).toEqual([]);
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
    expect(kinds(result.reasons)).toEqual(["b silent"]);
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
    const closings = (await world.store.history({ limit: 50 })).filter(({ command }) => command === "close");
    expect(closings).toHaveLength(1);
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
    expect(kinds(result.reasons)).toContain("store");
    expect(result.remarks.map(({ kind }) => kind)).toContain("barrier-left");
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
    expect(await barriers(world)).toEqual([]);
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
    expect(await barriers(world)).toHaveLength(1);
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
