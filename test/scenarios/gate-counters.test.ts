import { expect, test } from "vitest";
import { gateInternals } from "../../src/gate/internals.ts";
import { BY, gateUnderTest } from "../support/gate-under-test.ts";
import { requestFacts } from "../support/request-facts.ts";

const ANONYMOUS = { authenticated: false, staff: false, superuser: false, exempt: false };

test("each request counts once, by site and reason, and only during a closure", async () => {
  const { gate, controller } = gateUnderTest({
    sites: { shop: { hosts: ["shop.example"] } },
    exempt: { paths: ["/healthz"], users: { staff: true } },
  });
  await gate.ready();
  gateInternals(gate).decide(requestFacts({ user: ANONYMOUS }));
  expect(gate.counters()).toEqual({ blocked: [], bypassed: [] });

  await controller.execute({ type: "close", sites: ["shop"] }, BY);
  const { token } = await controller.links.create({ site: "shop", label: "QA", by: BY });
  await gate.refresh();
  const shop = { host: "shop.example", user: ANONYMOUS };
  expect(gateInternals(gate).decide(requestFacts({ host: "shop.example" })).outcome).toBe("defer");
  gateInternals(gate).decide(requestFacts(shop));
  gateInternals(gate).decide(requestFacts(shop));
  gateInternals(gate).decide(requestFacts({ ...shop, target: "/healthz" }));
  gateInternals(gate).decide(requestFacts({ ...shop, target: `/?maintenance-access=${token}` }));
  gateInternals(gate).decide(requestFacts({ ...shop, host: "elsewhere.example" }));
  expect(gate.counters()).toEqual({
    blocked: [{ site: "shop", reason: "mode", count: 2 }],
    bypassed: [
      { site: "shop", reason: "path", count: 1 },
      { site: "shop", reason: "bypass-link", count: 1 },
    ],
  });
});

test("a site that is no longer known is omitted", async () => {
  const { gate, controller } = gateUnderTest();
  await controller.execute({ type: "add-site", site: "news", hosts: ["news.example"] }, BY);
  await controller.execute({ type: "close", sites: ["news"] }, BY);
  await gate.ready();
  gateInternals(gate).decide(requestFacts({ host: "news.example" }));
  expect(gate.counters().blocked).toEqual([{ site: "news", reason: "mode", count: 1 }]);
  await controller.execute({ type: "remove-site", site: "news" }, BY);
  await gate.refresh();
  expect(gate.counters().blocked).toEqual([]);
});
