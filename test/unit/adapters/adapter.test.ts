import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import {
  type AdapterGate,
  adapterGate,
  decideRequest,
  fetchFacts,
  markBypass,
  nodeFacts,
  writePlan,
} from "../../../src/adapters/adapter.ts";
import { fetchMaintenance } from "../../../src/adapters/fetch.ts";
import { guard } from "../../../src/adapters/node.ts";
import { send } from "../../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../../src/testing/adapters/conformance.ts";
import { testGate } from "../../support/closed-gate.ts";
import { fetchServer } from "../../support/fetch-bridge.ts";
import { serve } from "../../support/serve.ts";

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

async function urlOf(server: Parameters<typeof serve>[0]): Promise<string> {
  const it = await serve(server);
  served.push(it);
  return it.url;
}

const ONCE = [{ site: "*", reason: "path", count: 1 }];

describe("decideRequest with the framework's own request", () => {
  async function closedGate() {
    const { gate, close } = await testGate({ exempt: { paths: ["/open"] } });
    await close();
    return { gate, inside: adapterGate(gate) };
  }

  test("returns null behind a guard that has let the request pass, and counts it once", async () => {
    const { gate, inside } = await closedGate();
    const decisions: unknown[] = [];
    const server = createServer(async (raw, response) => {
      decisions.push(await decideRequest(inside, nodeFacts(inside, raw), { raw }));
      response.end();
    });
    guard(server, gate);
    expect((await send(await urlOf(server), { path: "/open" })).status).toBe(200);
    expect(decisions).toEqual([null]);
    expect(gate.counters().bypassed).toEqual(ONCE);
  });

  test("returns null behind fetchMaintenance, and counts the request once", async () => {
    const { gate, inside } = await closedGate();
    const decisions: unknown[] = [];
    const handler = async (raw: Request): Promise<Response> => {
      decisions.push(await decideRequest(inside, fetchFacts(inside, raw), { raw }));
      return new Response();
    };
    const url = await urlOf(fetchServer(fetchMaintenance(gate, handler)));
    expect((await send(url, { path: "/open" })).status).toBe(200);
    expect(decisions).toEqual([null]);
    expect(gate.counters().bypassed).toEqual(ONCE);
  });

  test("marks both requests as decided", async () => {
    const { gate, inside } = await closedGate();
    const decisions: unknown[] = [];
    const server = createServer(async (raw, response) => {
      const request = { raw };
      const { host, otherHosts, target, address, method } = nodeFacts(inside, raw);
      const unknown = { user: undefined, operation: undefined, route: undefined, header: () => undefined };
      const own = { host, otherHosts, target, address, method, ...unknown };
      await decideRequest(inside, nodeFacts(inside, raw), request);
      decisions.push(await decideRequest(inside, own, request), await decideRequest(inside, own, raw));
      response.end();
    });
    await send(await urlOf(server), { path: "/open" });
    expect(decisions).toEqual([null, null]);
    expect(gate.counters().bypassed).toEqual(ONCE);
  });

  test("passes it to getUser, which knows the user of the session", async () => {
    const { gate, close } = await testGate({
      exempt: { users: { staff: true } },
      getUser: (request) => Reflect.get(request, "account"),
    });
    await close();
    const inside = adapterGate(gate);
    const server = createServer(async (raw, response) => {
      const account = raw.headers.cookie === "user=staff" ? { isStaff: true } : null;
      await answer(inside, raw, response, { raw, account });
    });
    const url = await urlOf(server);
    expect((await send(url, { headers: { cookie: "user=staff" } })).body).toBe("app");
    expect((await send(url)).status).toBe(503);
  });
});

async function answer(inside: AdapterGate, raw: IncomingMessage, response: ServerResponse, own: object): Promise<void> {
  const facts = nodeFacts(inside, raw);
  const decision = await decideRequest(inside, facts, own);
  if (decision === null || decision.outcome === "allow") response.end("app");
  else writePlan(inside, raw, response, inside.plan(decision, facts));
}

test("writePlan writes no mark of an earlier decision to let the request pass", async () => {
  const { gate, close } = await testGate();
  await close();
  const inside = adapterGate(gate);
  const allow = {
    outcome: "allow",
    reason: "path",
    site: "*",
    mode: "closed",
    rule: null,
    bypass: true,
    version: 1,
  } as const;
  const server = createServer((request, response) => {
    markBypass(response, allow);
    const facts = nodeFacts(inside, request);
    facts.route = "forced-closed";
    void decideRequest(inside, facts, request).then((decision) => {
      if (decision?.outcome === "block") writePlan(inside, request, response, inside.plan(decision, facts));
    });
  });
  const { headers } = await send(await urlOf(server));
  expect(headers.get("maintenance")).toMatch(/^closed;/);
  expect(headers.get("cache-control")).toBe("no-store");
});

test("facts hide their request from logs", async () => {
  const { gate } = await testGate();
  const facts = fetchFacts(adapterGate(gate), new Request("http://a.example/?secret"));
  expect(Object.keys(facts)).not.toContain("request");
  expect(facts.request).toBeInstanceOf(Request);
});
