import { describe, expect, it } from "vitest";
import { barrierWorld } from "../../../support/barrier-world.ts";
import { barriersOf, kindsOf, withMembers } from "./world-of.ts";

describe("a proven closure", () => {
  it("returns 0 once every process has closed, and removes the barrier", async () => {
    const { world } = await withMembers("a", "b");
    const { result } = await world.close();
    expect(result).toMatchObject({ exit: 0, closed: true, assumed: false, reasons: [] });
    expect(result.processes.map(({ label, standing }) => `${label} ${standing}`)).toEqual(["a closed", "b closed"]);
    expect(await barriersOf(world)).toEqual([]);
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
    expect(kindsOf(result.reasons)).toEqual(["web-3 draining"]);
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
    expect(kindsOf(result.reasons)).toEqual(["b evicted"]);
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
    expect(kindsOf(result.reasons)).toEqual(["b silent"]);
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
    expect(await barriersOf(world)).toEqual([]);
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
    expect(kindsOf(result.reasons)).toEqual(["b evicted"]);
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
    expect(kindsOf(result.reasons)).toEqual(["none"]);
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
    expect(kindsOf(result.reasons)).toContain("young");
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
    expect(kindsOf(result.reasons)).toEqual(["none"]);
    expect(result.processes.map(({ standing }) => standing)).toEqual(["not-mine"]);
  });
});
