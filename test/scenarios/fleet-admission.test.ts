import { createServer, get, type RequestListener } from "node:http";
import express from "express";
import { describe, expect, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { guard } from "../../src/adapters/node.ts";
import { type AdapterFacts, confirmDecision, decideByAsking } from "../../src/adapters/shared/decide-by-asking.ts";
import { LEASE_MS } from "../../src/fleet/barrier.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import type { Store } from "../../src/stores/store.ts";
import { createFakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { membersOf } from "../support/barriers.ts";
import { ends, SITES, gateWithList as setUp, told } from "../support/gate-with-list.ts";
import { requestFacts } from "../support/request-facts.ts";

describe("a strict gate", () => {
  test("lets nothing in before it is in the list and has read the state since", async () => {
    const inner = memoryStore();
    const clock = createFakeClock();
    let join = (): void => {};
    const joining = new Promise<void>((resolve) => {
      join = resolve;
    });
    let onJoin = (): void => {};
    const isAsked = new Promise<void>((resolve) => {
      onJoin = resolve;
    });
    const members = membersOf(inner);
    const store: Store = {
      ...inner,
      members: {
        ...members,
        async join(...values) {
          onJoin();
          await joining;
          return await members.join(...values);
        },
      },
    };
    const gate = createGate({ store, clock, sites: SITES, fleet: "strict", logger: silentLogger });
    ends.push(() => Promise.all([gate.close(), clock.advance(10_000)]));
    gate.start();
    await isAsked;
    await clock.advance(5_500);
    expect(gate.status()).toMatchObject({ state: "live", neverLoaded: false });
    expect(told(gate)).toBe("block fenced");
    join();
    await clock.advance(0);
    expect(told(gate)).toBe("allow open");
  });

  test("lets nothing in after it was closed, and closes the connection", async () => {
    const { gate, clock } = await setUp({ fleet: "strict" });
    const { url } = await serve(gate, (_request, response) => void response.end("app"));
    expect((await fetch(url)).status).toBe(200);
    await Promise.all([gate.close(), clock.advance(3_000)]);
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get("connection")]).toEqual([503, "close"]);
  });
});

test("a gate that is not bound decides by its last snapshot after it was closed", async () => {
  const { gate, clock } = await setUp();
  const { url } = await serve(gate, (_request, response) => void response.end("app"));
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
  const { port } = await serve(kind === "guard" ? gate : null, app);
  return () =>
    new Promise<number | undefined>((resolve, reject) => {
      get({ port, headers: { ...headers, host: "shop.example" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on("error", reject);
    });
}

async function serve(gate: Gate | null, listener: RequestListener) {
  const server = createServer(listener);
  if (gate !== null) guard(server, gate);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => server.close().closeAllConnections());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, url: `http://127.0.0.1:${address.port}/` };
}
