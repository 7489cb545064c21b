import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../../../src/engine/decide/decide.ts";
import { inForce } from "../../../src/engine/decide/in-force.ts";
import type { Snapshot } from "../../../src/engine/snapshot/snapshot.ts";
import { compilePathMatcher } from "../../../src/rules/paths/matcher.ts";
import { requestFacts } from "../../support/request-facts.ts";
import { NOW, snapshotOf, unloadedSnapshot } from "../../support/snapshot.ts";

const SITES = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };
const scope = (...paths: readonly string[]) =>
  compilePathMatcher(
    paths.map((pattern) => ({ pattern, description: "", source: "shop" })),
    { ignoreCase: true, lenient: true },
  );
const told = (snapshot: Snapshot, facts: Parameters<typeof requestFacts>[0]): string => {
  const decision = decide(requestFacts(facts), snapshot, NOW);
  return decision.outcome === "defer" ? "defer" : `${decision.outcome} ${decision.reason}`;
};

test("a site that is fenced is closed for its visitors, and the others are as the state says", () => {
  const snapshot = snapshotOf({}, { sites: SITES });
  const fenced: Snapshot = { ...snapshot, fence: [{ site: "shop", mode: "closed", scope: null }] };
  expect(told(fenced, { host: "shop.example" })).toBe("block fenced");
  expect(told(fenced, { host: "blog.example" })).toBe("allow open");
  expect(told(fenced, { host: "shop.example:bad:host" })).toBe("block fenced");
  expect(inForce(fenced, "shop", "anywhere", NOW).mode).toBe("closed");
  expect(inForce(fenced, "blog", "anywhere", NOW).mode).toBe("open");
});

test("a part of a site, a mode and a group are fenced as they would be closed", () => {
  const snapshot = snapshotOf({}, { sites: SITES, groups: ["payments-db"] });
  const part: Snapshot = { ...snapshot, fence: [{ site: "shop", mode: "closed", scope: scope("/checkout/*") }] };
  expect(told(part, { host: "shop.example", target: "/checkout/pay" })).toBe("block fenced");
  expect(told(part, { host: "shop.example", target: "/" })).toBe("allow open");
  const mode: Snapshot = { ...snapshot, fence: [{ site: "shop", mode: "read-only", scope: null }] };
  expect(told(mode, { host: "shop.example", method: "GET" })).toBe("allow safe-method");
  expect(told(mode, { host: "shop.example", method: "POST" })).toBe("block fenced");
  const group: Snapshot = { ...snapshot, fence: [{ site: "payments-db", mode: "closed", scope: null }] };
  expect(told(group, { host: "blog.example" })).toBe("block fenced");
  const unknown: Snapshot = { ...snapshot, fence: [{ site: "other-db", mode: "closed", scope: null }] };
  expect(told(unknown, { host: "blog.example" })).toBe("allow open");
});

test("ways in stay open behind a fence, and a closure that is stricter counts", () => {
  const options = { sites: SITES, exempt: { paths: ["/healthz"] }, operatorPaths: ["/ops"] };
  const fence = [{ site: "*", mode: "read-only", scope: null }] as const;
  const fenced: Snapshot = { ...snapshotOf({ shop: { mode: "closed" } }, options), fence };
  expect(told(fenced, { host: "shop.example", target: "/healthz" })).toBe("allow path");
  expect(told(fenced, { host: "shop.example", target: "/ops" })).toBe("allow operator-surface");
  expect(told(fenced, { host: "shop.example" })).toBe("block mode");
});

test("a process that has never loaded the state is fenced too, and one with an override is not", () => {
  const fence = [{ site: "*", mode: "closed", scope: null }] as const;
  expect(told({ ...unloadedSnapshot({ sites: SITES }), fence }, { host: "shop.example" })).toBe("block fenced");
  expect(inForce({ ...unloadedSnapshot({ sites: SITES }), fence }, "shop", "anywhere", NOW).mode).toBe("closed");
  expect(told({ ...snapshotOf({}, { override: "off" }), fence }, { host: "shop.example" })).toBe("allow override-open");
});

test("behind a fence of everything, nothing is let in as open, whatever is requested", () => {
  const fence = [{ site: "*", mode: "closed", scope: null }] as const;
  const modes = fc.constantFrom("open", "read-only", "paused", "closed");
  const request = fc.record({
    host: fc.constantFrom("shop.example", "blog.example", "other.example", "bad host", undefined),
    target: fc.constantFrom("/", "/a%2f..", "/checkout", "//x", ""),
    method: fc.constantFrom("GET", "POST", "OPTIONS"),
  });
  fc.assert(
    fc.property(modes, modes, request, (shop, all, facts) => {
      const snapshot = snapshotOf({ shop: { mode: shop, hosts: ["shop.example"] }, "*": { mode: all } });
      expect(told({ ...snapshot, fence }, facts)).toMatch(/^block /);
    }),
  );
});
