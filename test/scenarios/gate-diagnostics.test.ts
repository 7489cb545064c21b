import { type ChannelListener, subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, onTestFinished, test } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { openChannels } from "../../src/platform/none.ts";
import { BY, type GateUnderTest, gateUnderTest } from "../support/gate-under-test.ts";
import { requestFacts } from "../support/request-facts.ts";

/** Collects the messages on these channels until the test ends. */
function published(...names: readonly string[]): unknown[] {
  const messages: unknown[] = [];
  const listener: ChannelListener = (message) => void messages.push(message);
  for (const name of names) subscribe(`maintenance-mode:${name}`, listener);
  onTestFinished(() => {
    for (const name of names) unsubscribe(`maintenance-mode:${name}`, listener);
  });
  return messages;
}

async function closed(options: MaintenanceOptions = {}): Promise<GateUnderTest> {
  const under = gateUnderTest({ sites: { shop: { hosts: ["shop.example"] } }, ...options });
  await under.controller.execute({ type: "close", sites: ["shop"] }, BY);
  await under.gate.ready();
  return under;
}

test("a switch is published as the event, without any listener", async () => {
  const messages = published("switched");
  await closed();
  expect(messages).toMatchObject([{ type: "switched", site: "shop", from: "open", to: "closed", version: 1 }]);
});

test("a blocked request is published without values of its query, headers and cookies", async () => {
  const messages = published("blocked", "bypassed");
  const { gate } = await closed();
  const headers = { cookie: "session=secret", authorization: "secret" };
  gateInternals(gate).decide(
    requestFacts({ host: "shop.example", target: "/a%20b?maintenance-access=secret", headers }),
  );
  gateInternals(gate).decide(requestFacts({ host: "shop.example", target: "/c%3Fmaintenance-access=secret", headers }));
  const message = { method: "GET", site: "shop", mode: "closed", reason: "mode", rule: null, version: 1 };
  expect(messages).toEqual([
    { ...message, path: "/a b" },
    { ...message, path: "/c" },
  ]);
});

test("a request that passes a closed site is published with its rule", async () => {
  const messages = published("blocked", "bypassed");
  const { gate } = await closed({ exempt: { addresses: ["10.0.0.0/8"] } });
  gateInternals(gate).decide(requestFacts({ host: "shop.example", address: "10.1.2.3" }));
  expect(messages).toEqual([
    { method: "GET", path: "/", site: "shop", mode: "closed", reason: "address", rule: "10.0.0.0/8", version: 1 },
  ]);
});

test("only the id of a bypass link is published", async () => {
  const messages = published("blocked", "bypassed");
  const { gate, controller } = await closed();
  const { token, id } = await controller.links.create({ site: "shop", label: "QA", by: BY });
  await gate.refresh();
  gateInternals(gate).decide(requestFacts({ host: "shop.example", target: `/?maintenance-access=${token}` }));
  expect(messages).toMatchObject([{ reason: "bypass-link", rule: id, path: "/" }]);
  expect(JSON.stringify(messages)).not.toContain(token);
});

test("requests to an open site are not published", async () => {
  const messages = published("blocked", "bypassed", "switched");
  const { gate } = gateUnderTest();
  await gate.ready();
  gateInternals(gate).decide(requestFacts());
  expect(messages).toEqual([]);
});

test("without channels there are no subscribers", () => {
  expect(Object.values(openChannels()).map(({ hasSubscribers }) => hasSubscribers)).toEqual([false, false, false]);
});
