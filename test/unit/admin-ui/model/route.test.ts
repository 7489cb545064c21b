import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Destination,
  EVERYTHING,
  parseRoute,
  type Route,
  routeTo,
  SITE_PARTS,
} from "../../../../admin-ui/src/model/route.ts";

describe("the fragment of the URL", () => {
  test.each<[string, Route]>([
    ["", { view: "sites" }],
    ["#/", { view: "sites" }],
    ["#/sites/", { view: "sites" }],
    ["#/sites/*", { view: "site", site: "*", part: "switch" }],
    ["#/sites/shop/", { view: "site", site: "shop", part: "switch" }],
    ["#/sites/shop/nowhere", { view: "unknown" }],
    ["#/sites/shop/links/3", { view: "unknown" }],
    ["#/bogus", { view: "unknown" }],
    ["#/links/bogus", { view: "unknown" }],
    ["#/history?by=mia", { view: "history", filter: { ...EVERYTHING, by: "mia" } }],
    ["#/sites/%zz", { view: "site", site: "%zz", part: "switch" }],
    ["#main", { view: "unknown" }],
  ])("is parsed: %s", (fragment, route) => {
    expect(parseRoute(fragment)).toEqual(route);
  });

  test("leads back to each view that it was made for", () => {
    const site = fc.string({ minLength: 1 });
    const routes = fc.oneof(
      fc.record({ view: fc.constant("site" as const), site, part: fc.constantFrom(...SITE_PARTS) }),
      fc.constantFrom<Destination>({ view: "sites" }, { view: "links" }, { view: "tokens" }),
      fc.record({
        view: fc.constant("history" as const),
        filter: fc.record({ site: fc.string(), by: fc.string(), command: fc.string() }),
      }),
    );
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseRoute(routeTo(route))).toEqual(route);
      }),
    );
  });
});
