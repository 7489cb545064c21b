import { createServer, get, type RequestListener } from "node:http";
import express from "express";
import { afterEach, describe, expect, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { guard } from "../../src/adapters/node.ts";
import { type AdapterFacts, confirmDecision, decideByAsking } from "../../src/adapters/shared/decide-by-asking.ts";
import { createController } from "../../src/control/controller.ts";
import { LEASE_MS, SWEEP_MS } from "../../src/fleet/barrier.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import type { Store } from "../../src/stores/store.ts";
import { createFakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { barrierText, cuttable, membersOf, rowsOf, skippingClock } from "../support/barriers.ts";
import { requestFacts } from "../support/request-facts.ts";
import { serve } from "../support/serve.ts";

const SITES = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function setUp(options: Parameters<typeof createGate>[0] = {}) {
  const inner = memoryStore();
  const clock = skippingClock();
  const { store, state } = cuttable(inner);
  const gate = createGate({ store, clock, sites: SITES, random: () => 0.5, logger: silentLogger, ...options });
  ends.push(() => Promise.all([gate.close(), clock.advance(10_000)]));
  await Promise.all([gate.ready(), clock.advance(100)]);
  await clock.advance(2_000);
  const controller = createController({ store: inner, clock, sites: SITES }, { by: "test" });
  const members = membersOf(inner);
  const arm = (given: Parameters<typeof barrierText>[0] = {}) => members.setBarrier(barrierText(given), null);
  const wake = async () => {
    await controller.close("blog");
    await controller.open("blog");
    await clock.advance(2_000);
  };
  const row = async () => (await rowsOf(inner))[0];
  const versionOf = async (site: string) => (await inner.load()).records.find(({ id }) => id === site)?.version ?? 0;
  return { gate, clock, inner, members, controller, arm, wake, store: state, row, versionOf };
}

function told(gate: Gate, host = "shop.example"): string {
  const decision = gateInternals(gate).decide(requestFacts({ host }));
  return decision.outcome === "defer" ? "defer" : `${decision.outcome} ${decision.reason}`;
}

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
    await controller.open("shop");
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

describe("a strict gate", () => {
  test("lets nothing in before it is in the list and has read the state since", async () => {
    const inner = memoryStore();
    const clock = createFakeClock();
    let join = (): void => {};
    const joining = new Promise<void>((resolve) => {
      join = resolve;
    });
    const members = membersOf(inner);
    const store: Store = {
      ...inner,
      members: {
        ...members,
        async join(...values) {
          await joining;
          return await members.join(...values);
        },
      },
    };
    const gate = createGate({ store, clock, sites: SITES, fleet: "strict", logger: silentLogger });
    ends.push(() => Promise.all([gate.close(), clock.advance(10_000)]));
    gate.start();
    await clock.advance(5_500);
    expect(gate.status()).toMatchObject({ state: "live", neverLoaded: false });
    expect(told(gate)).toBe("block fenced");
    join();
    await clock.advance(0);
    expect(told(gate)).toBe("allow open");
  });

  test("lets nothing in after it was closed, and closes the connection", async () => {
    const { gate, clock } = await setUp({ fleet: "strict" });
    const { url } = await serveGuarded(gate, (_request, response) => void response.end("app"));
    expect((await fetch(url)).status).toBe(200);
    await Promise.all([gate.close(), clock.advance(3_000)]);
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get("connection")]).toEqual([503, "close"]);
  });
});

test("a gate that is not bound decides by its last snapshot after it was closed", async () => {
  const { gate, clock } = await setUp();
  const { url } = await serveGuarded(gate, (_request, response) => void response.end("app"));
  await Promise.all([gate.close(), clock.advance(3_000)]);
  expect((await fetch(url)).status).toBe(200);
});

describe("while a barrier is on", () => {
  test("a request whose user is not known counts as anonymous, unless the barrier keeps the users", async () => {
    const asked: string[] = [];
    const { gate, clock, arm, members, controller, row } = await setUp({
      exempt: { users: { staff: true } },
      getUser: async () => {
        asked.push("user");
        return { staff: true };
      },
    });
    const request = await entranceOf("guard", gate, () => {});
    await controller.close("*");
    await clock.advance(2_000);
    expect(await request()).toBe(200);
    await arm();
    await clock.advance(34_000);
    expect((await row())?.attests).toMatchObject([{ waysIn: { user: 1 } }]);
    asked.length = 0;
    expect(await request()).toBe(503);
    expect(asked).toEqual([]);
    await members.removeBarrier("barrier", 1);
    await arm({ id: "other", keepsUsers: true });
    await clock.advance(34_000);
    expect(await request()).toBe(200);
  });

  test("a request that waited for its user is decided again in the turn in which it enters", async () => {
    const { gate, clock, arm, wake, store } = await setUp();
    const inside = gateInternals(gate);
    const facts: AdapterFacts = { ...requestFacts({ host: "shop.example" }) };
    const decided = await decideByAsking(inside, facts, {});
    expect(confirmDecision(inside, facts, decided)).toBe(decided);
    await arm({ targets: [{ site: "shop" }] });
    await wake();
    expect(confirmDecision(inside, facts, decided)).toMatchObject({ outcome: "allow", reason: "open" });
    store.isAway = true;
    await clock.advance(LEASE_MS + 4_000);
    expect(confirmDecision(inside, facts, decided)).toMatchObject({ outcome: "block", reason: "fenced" });
    expect(gate.counters().blocked).toMatchObject([{ site: "shop", reason: "fenced", count: 1 }]);
  });

  test.each(["guard", "expressMaintenance", "fetchMaintenance"] as const)(
    "%s lets a request in only if the lease still runs after the last wait",
    async (kind) => {
      let known = (): void => {};
      let ask = (): void => {};
      const waiting = new Promise<void>((resolve) => {
        ask = resolve;
      });
      const user = new Promise<object>((resolve) => {
        known = () => resolve({});
      });
      const { gate, clock, arm, wake, store, controller } = await setUp({
        exempt: { users: { staff: true } },
        getUser: () => {
          ask();
          return user;
        },
      });
      await controller.close("shop");
      await arm({ keepsUsers: true, targets: [{ site: "shop" }] });
      await wake();
      let entered = 0;
      const request = await entranceOf(kind, gate, () => {
        entered += 1;
      });
      const answer = request();
      await waiting;
      await controller.open("shop");
      store.isAway = true;
      // The lease ends in the microtask after the decision, when no timer and no input can run.
      const inside = gateInternals(gate);
      const { decide } = inside;
      Object.assign(inside, {
        decide: (facts: Parameters<typeof decide>[0]) => {
          const decision = decide(facts);
          if (decision.outcome === "allow") clock.skip(LEASE_MS);
          return decision;
        },
      });
      known();
      expect(await answer).toBe(503);
      expect(entered).toBe(0);
    },
  );
});

/** Returns a function that requests the site, and resolves with the status of the answer. */
async function entranceOf(kind: "guard" | "expressMaintenance" | "fetchMaintenance", gate: Gate, enter: () => void) {
  const headers = { cookie: "session=1" };
  if (kind === "fetchMaintenance") {
    const handler = fetchMaintenance(gate, () => {
      enter();
      return new Response("app");
    });
    return async () => (await handler(new Request("http://shop.example/", { headers }))).status;
  }
  const app = express();
  if (kind === "expressMaintenance") app.use(expressMaintenance(gate));
  app.use((_request, response) => {
    enter();
    response.end("app");
  });
  const { port } = await serveGuarded(kind === "guard" ? gate : null, app);
  return () =>
    new Promise<number | undefined>((resolve, reject) => {
      get({ port, headers: { ...headers, host: "shop.example" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on("error", reject);
    });
}

async function serveGuarded(gate: Gate | null, listener: RequestListener) {
  const server = createServer(listener);
  if (gate !== null) guard(server, gate);
  const { url, close } = await serve(server);
  ends.push(close);
  return { port: Number(new URL(url).port), url: `${url}/` };
}
