import { expect, test } from "vitest";
import { createGuessLimiter } from "../../../src/bypass/guess-limiter.ts";
import { allowIfOpen, decide, decideLimitingGuesses } from "../../../src/engine/decide/decide.ts";
import { requestFacts } from "../../support/request-facts.ts";
import { NOW, snapshotOf, unloadedSnapshot } from "../../support/snapshot.ts";

const sites = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };
const shop = requestFacts({ host: "shop.example" });

test("while another site is closed, every request for an open one gets the same decision, without reading the time", () => {
  const snapshot = snapshotOf({ blog: { mode: "closed" } }, { sites });
  const clock = { now: () => expect.unreachable("the time was asked for") };
  const decision = decideLimitingGuesses(shop, snapshot, clock, createGuessLimiter());
  expect(decision).toEqual(decide(shop, snapshot, NOW));
  expect(allowIfOpen(requestFacts({ host: "unknown.example" }), snapshot)).toBe(decision);
  expect(Object.isFrozen(decision)).toBe(true);
});

test.each([
  ["its site is closed", snapshotOf({ shop: { mode: "closed" } }, { sites })],
  ["its site is read-only", snapshotOf({ shop: { mode: "read-only" } }, { sites })],
  ["all sites are closed", snapshotOf({ "*": { mode: "closed" } }, { sites })],
  ["a group is closed", snapshotOf({ db: { mode: "closed" } }, { sites, groups: ["db"] })],
  ["an override opens it", snapshotOf({ blog: { mode: "closed" } }, { sites, override: "off" })],
  ["an override closes it", snapshotOf({}, { sites, override: "on" })],
  ["the state was never loaded", unloadedSnapshot({ sites })],
])("the whole decision is made if %s", (_when, snapshot) => {
  expect(allowIfOpen(shop, snapshot)).toBeNull();
});

test("the whole decision is made for a marked route and for an operators' surface", () => {
  const snapshot = snapshotOf({ blog: { mode: "closed" } }, { sites, operatorPaths: ["/ops/*"] });
  expect(allowIfOpen({ ...shop, route: "forced-closed" }, snapshot)).toBeNull();
  expect(allowIfOpen({ ...shop, target: "/ops/" }, snapshot)).toBeNull();
  expect(allowIfOpen({ ...shop, target: "/x/../ops/" }, snapshot)).toMatchObject({ reason: "open" });
});
