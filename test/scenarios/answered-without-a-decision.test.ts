import { createServer, IncomingMessage } from "node:http";
import express from "express";
import { afterEach, describe, expect, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import type { Gate } from "../../src/gate.ts";
import { send, type WireRequest } from "../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";
import { countDecisions, testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";

// In a process of its own: a route that another test has marked as open ends this shortcut for the whole process.

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

const PLACES: [string, (gate: Gate, ...before: express.Handler[]) => Promise<string>][] = [
  [
    "in front of a server",
    async (gate) => {
      const server = createServer((_request, response) => response.end("app"));
      guard(server, gate);
      return serverUrl(server);
    },
  ],
  [
    "inside Express",
    async (gate, ...before) => {
      const app = express();
      for (const middleware of before) app.use(middleware);
      app.use(expressMaintenance(gate)).use((_request, response) => void response.send("app"));
      return serverUrl(createServer(app));
    },
  ],
];

async function serverUrl(server: ReturnType<typeof createServer>): Promise<string> {
  const it = await serve(server);
  served.push(it);
  return it.url;
}

const STAFF = { exempt: { users: { staff: true } } };

/** The header by which the applications of these tests know a user: without a cookie, a request has no session. */
const asStaff: WireRequest = { headers: { "x-user": "staff" } };

function userOf(request: object): { staff: boolean } | null {
  return request instanceof IncomingMessage && request.headers["x-user"] === "staff" ? { staff: true } : null;
}

describe.each(PLACES)("a request that is like one that was blocked, %s", (_place, start) => {
  test("gets the same answer without a decision", async () => {
    const { gate, close } = await testGate();
    await close({ message: "Um fünf zurück" });
    const url = await start(gate);
    const request = { path: "/cart", headers: { accept: "text/html" } };
    const first = await send(url, request);
    const decisions = countDecisions(gate);
    const second = await send(url, { ...request, path: "/cart/2?page=3" });
    expect(decisions()).toBe(0);
    expect(second).toMatchObject({ status: 503, body: first.body });
    expect(new Map([...second.headers].filter(([name]) => name !== "date"))).toEqual(
      new Map([...first.headers].filter(([name]) => name !== "date")),
    );
    expect(first.body).toContain("Um fünf zurück");
    expect(gate.counters().blocked).toEqual([{ site: "*", reason: "mode", count: 2 }]);
  });

  test.each([
    ["at once", <Value>(value: Value) => value],
    ["with a promise", <Value>(value: Value) => Promise.resolve(value)],
  ])("is blocked or passes by its user, who is asked for once, when getUser answers %s", async (_when, answer) => {
    let calls = 0;
    const { gate, close } = await testGate({
      ...STAFF,
      getUser: (request) => {
        calls += 1;
        return answer(userOf(request));
      },
    });
    await close();
    const url = await start(gate);
    const statuses: number[] = [];
    for (const request of [{}, {}, asStaff, {}, asStaff]) statuses.push((await send(url, request)).status);
    expect(statuses).toEqual([503, 503, 200, 503, 200]);
    expect(calls).toBe(5);
  });

  test("is blocked when getUser throws", async () => {
    const { gate, close, errors } = await testGate({
      ...STAFF,
      getUser: () => {
        throw new Error("no session store");
      },
    });
    await close();
    const url = await start(gate);
    expect([(await send(url)).status, (await send(url)).status]).toEqual([503, 503]);
    expect(errors).toHaveLength(2);
  });

  test("is blocked when getUser has read the body, which the application would wait for", async () => {
    const { gate, close, errors } = await testGate({
      ...STAFF,
      getUser: (request) => {
        if (request instanceof IncomingMessage && userOf(request) !== null) request.resume();
        return userOf(request);
      },
    });
    await close();
    const url = await start(gate);
    const post: WireRequest = { method: "POST", body: "x" };
    await send(url, post);
    await send(url, post);
    expect((await send(url, { ...post, ...asStaff })).status).toBe(503);
    expect(errors.join()).toContain("has read the request's body");
  });
});

describe("a request that is like one that was blocked, inside Express", () => {
  const [, start] = PLACES[1] ?? [];

  test("passes if its user is exempt and middleware has read its body before", async () => {
    const { gate, close } = await testGate({ ...STAFF, getUser: userOf });
    await close();
    const url = (await start?.(gate, express.json())) ?? "";
    const post = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    await send(url, post);
    expect((await send(url, { ...post, headers: { ...post.headers, ...asStaff.headers } })).status).toBe(200);
  });

  test("is answered in text if middleware reads what is written", async () => {
    const { gate, close } = await testGate();
    await close({ message: "Um fünf zurück" });
    const written: unknown[] = [];
    const url = await start?.(gate, (_request, response, next) => {
      const { end } = response;
      Reflect.set(response, "end", (...values: unknown[]) => {
        written.push(values[0]);
        return Reflect.apply(end, response, values);
      });
      next();
    });
    for (let time = 0; time < 2; time++) await send(url ?? "", { headers: { accept: "text/html" } });
    expect(written).toEqual([expect.stringContaining("fünf"), expect.stringContaining("fünf")]);
  });
});
