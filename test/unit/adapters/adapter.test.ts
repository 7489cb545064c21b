import { createServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { adapterGate, decideRequest, markBypass, nodeFacts, writePlan } from "../../../src/adapters/adapter.ts";
import { send } from "../../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../../src/testing/adapters/conformance.ts";
import { testGate } from "../../support/closed-gate.ts";
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
