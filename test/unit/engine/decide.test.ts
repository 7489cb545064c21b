import { describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { decide } from "../../../src/engine/decide/decide.ts";
import type { Decision } from "../../../src/engine/decide/decision.ts";
import { ANONYMOUS } from "../../../src/engine/decide/request-facts.ts";
import { NO_RESPONSE_SETTINGS, type SiteRecord } from "../../../src/state/site-record.ts";
import { requestFacts, type TestRequest } from "../../support/request-facts.ts";
import { NOW, snapshotOf, unloadedSnapshot } from "../../support/snapshot.ts";

const closed: Partial<SiteRecord> = { mode: "closed" };

/** Returns the decision on a request while everything is closed, under `options`. */
function whileClosed(request: TestRequest, options: MaintenanceOptions = {}, record: Partial<SiteRecord> = {}): string {
  return told(decide(requestFacts(request), snapshotOf({ "*": { ...closed, ...record } }, options), NOW));
}

function told(decision: Decision): string {
  return decision.outcome === "defer" ? `defer ${decision.needs}` : `${decision.outcome} ${decision.reason}`;
}

describe("while nothing is closed", () => {
  test("every request passes", () => {
    expect(told(decide(requestFacts(), snapshotOf({}), NOW))).toBe("allow open");
    expect(snapshotOf({}).passAll).toBe(true);
  });

  test("a closed site whose end has passed is open", () => {
    const over = { ...closed, until: "2026-11-21T12:00:00Z" };
    expect(told(decide(requestFacts(), snapshotOf({ "*": over }), NOW))).toBe("allow open");
    expect(snapshotOf({ "*": over }).passAll).toBe(true);
  });

  test("a site that will open automatically still needs a decision", () => {
    const ending = { ...closed, until: "2026-11-21T12:00:01Z" };
    expect(told(decide(requestFacts(), snapshotOf({ "*": ending }), NOW))).toBe("block mode");
    expect(told(decide(requestFacts(), snapshotOf({ "*": ending }), NOW + 1000))).toBe("allow open");
  });
});

describe("of two sites, one closed", () => {
  const options = { sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example", "*.blog.example"] } } };
  const snapshot = snapshotOf({ shop: closed }, options);

  test.each([
    ["shop.example", "block mode"],
    ["SHOP.Example:8080", "block mode"],
    ["shop.example.", "block mode"],
    ["blog.example", "allow open"],
    ["de.blog.example", "allow open"],
    ["unknown.example", "allow open"],
    [undefined, "allow open"],
    ["", "allow open"],
    ["shop.example, blog.example", "block mode"],
  ])("the host %s gets: %s", (host, expected) => {
    expect(told(decide(requestFacts({ host }), snapshot, NOW))).toBe(expected);
  });

  test("'*' closes both, and unknown hosts", () => {
    const all = snapshotOf({ "*": closed }, options);
    for (const host of ["shop.example", "blog.example", "unknown.example", undefined]) {
      expect(told(decide(requestFacts({ host }), all, NOW))).toBe("block mode");
    }
  });

  test("the more severe of the site and '*' counts, and the site if they are equal", () => {
    const both = snapshotOf({ "*": { mode: "read-only" }, shop: closed }, options);
    expect(decide(requestFacts({ host: "shop.example" }), both, NOW)).toMatchObject({ site: "shop", mode: "closed" });
    expect(decide(requestFacts({ host: "blog.example", method: "POST" }), both, NOW)).toMatchObject({
      site: "*",
      mode: "read-only",
    });
    const alike = snapshotOf({ "*": closed, shop: closed }, options);
    expect(decide(requestFacts({ host: "shop.example" }), alike, NOW)).toMatchObject({ site: "shop" });
  });

  test("a group counts only for the gate that names it", () => {
    const group = { "payments-db": closed };
    expect(told(decide(requestFacts(), snapshotOf(group, { groups: ["payments-db"] }), NOW))).toBe("block mode");
    expect(told(decide(requestFacts(), snapshotOf(group), NOW))).toBe("allow open");
  });
});

describe("a closure of some paths", () => {
  const snapshot = snapshotOf({ "*": { ...closed, paths: ["/checkout/*"] } });

  test.each([
    ["/checkout", "block mode"],
    ["/checkout/pay", "block mode"],
    ["/checkout%2Fpay", "block mode"],
    ["/x/../checkout", "block mode"],
    ["/checkouts", "allow out-of-scope"],
    ["/", "allow out-of-scope"],
  ])("%s gets: %s", (target, expected) => {
    expect(told(decide(requestFacts({ target }), snapshot, NOW))).toBe(expected);
  });
});

describe("read-only", () => {
  const readOnly: Partial<SiteRecord> = { mode: "read-only" };
  const options: MaintenanceOptions = {
    readOnly: { reads: ["/search"], writes: ["/unsubscribe/*"], classify: () => undefined },
  };

  test.each([
    ["GET", "/", undefined, "allow safe-method"],
    ["HEAD", "/", undefined, "allow safe-method"],
    ["OPTIONS", "/", undefined, "allow safe-method"],
    ["TRACE", "/", undefined, "allow safe-method"],
    ["GET", "/unsubscribe/1", undefined, "block mode"],
    ["GET", "/x/../unsubscribe/1", undefined, "block mode"],
    ["POST", "/search", undefined, "allow read-path"],
    ["POST", "/x/../search", null, "block mode"],
    ["POST", "/graphql", "read", "allow read-operation"],
    ["POST", "/graphql", "write", "block mode"],
    ["POST", "/graphql", null, "block mode"],
    ["POST", "/graphql", undefined, "defer operation"],
    ["get", "/", null, "block mode"],
    ["DELETE", "/", null, "block mode"],
  ] as const)("%s %s (%s) gets: %s", (method, target, operation, expected) => {
    expect(whileClosed({ method, target, operation }, options, readOnly)).toBe(expected);
  });

  test("without a classify function, a POST writes", () => {
    expect(whileClosed({ method: "POST" }, {}, readOnly)).toBe("block mode");
  });

  test("reading is not a bypass: the answers can be cached as usual", () => {
    const decision = decide(requestFacts(), snapshotOf({ "*": readOnly }), NOW);
    expect(decision).toMatchObject({ outcome: "allow", bypass: false });
  });
});

describe("exemptions", () => {
  test.each<[string, TestRequest, MaintenanceOptions, string]>([
    ["address", { address: "10.1.2.3" }, { exempt: { addresses: ["10.0.0.0/8"] } }, "allow address"],
    ["another address", { address: "110.0.0.42" }, { exempt: { addresses: ["10.0.0.0/8"] } }, "block mode"],
    ["no address", {}, { exempt: { addresses: ["0.0.0.0/0", "::/0"] } }, "block mode"],
    ["path", { target: "/health?x=1" }, { exempt: { paths: ["/health"] } }, "allow path"],
    ["below the path", { target: "/health/other" }, { exempt: { paths: ["/health"] } }, "block mode"],
    ["spelt otherwise", { target: "/HEALTH" }, { exempt: { paths: ["/health"] } }, "block mode"],
    ["any case", { target: "/HEALTH" }, { exempt: { paths: ["/health"] }, ignoreCase: true }, "allow path"],
    ["unclear path", { target: "/open/../private" }, { exempt: { paths: ["/open/*", "/private"] } }, "block mode"],
    ["malformed path", { target: "/%zz" }, { exempt: { paths: ["/*"] } }, "block mode"],
    ["admin path", { target: "/admin/login" }, { exempt: { adminPaths: ["/admin/*"] } }, "allow path"],
    ["method", { method: "PURGE" }, { exempt: { methods: ["purge"] } }, "allow method"],
    ["redirect target", { target: "/down?x" }, { redirect: "/down" }, "allow redirect-target"],
    ["not the target", { target: "/" }, { redirect: "/down" }, "block mode"],
    [
      "target on this host",
      { target: "/", host: "status.example" },
      { redirect: "https://status.example/", sites: { status: { hosts: ["status.example"] } } },
      "allow redirect-target",
    ],
    [
      "target on a host of no site",
      { target: "/", host: "status.example" },
      { redirect: "https://status.example/" },
      "block mode",
    ],
    [
      "target with a method that is not for it",
      { method: "POST", target: "/down" },
      { redirect: "/down" },
      "block mode",
    ],
    [
      "target on one of two hosts that the request names",
      { target: "/", host: "status.example", otherHosts: ["shop.example"] },
      { redirect: "https://status.example/", sites: { status: { hosts: ["status.example"] } } },
      "block mode",
    ],
    [
      "target on another port of this host",
      { target: "/down", host: "shop.example:3000" },
      { redirect: "https://shop.example:9000/down" },
      "block mode",
    ],
    [
      "target on this host, whose port a proxy has hidden",
      { target: "/down", host: "shop.example" },
      { redirect: "https://shop.example:9000/down", sites: { shop: { hosts: ["shop.example"] } } },
      "allow redirect-target",
    ],
    ["target elsewhere", { target: "/" }, { redirect: "https://status.example/" }, "block mode"],
    ["a user unknown yet", {}, { exempt: { users: { staff: true } } }, "defer user"],
    ["anonymous", { user: ANONYMOUS }, { exempt: { users: { anonymous: true } } }, "allow user"],
    [
      "not anonymous",
      { user: { ...ANONYMOUS, authenticated: true } },
      { exempt: { users: { anonymous: true } } },
      "block mode",
    ],
    [
      "signed in",
      { user: { ...ANONYMOUS, authenticated: true } },
      { exempt: { users: { authenticated: true } } },
      "allow user",
    ],
    [
      "staff",
      { user: { ...ANONYMOUS, authenticated: true, staff: true } },
      { exempt: { users: { staff: true } } },
      "allow user",
    ],
    [
      "not staff",
      { user: { ...ANONYMOUS, authenticated: true } },
      { exempt: { users: { staff: true } } },
      "block mode",
    ],
    [
      "superuser",
      { user: { ...ANONYMOUS, authenticated: true, superuser: true } },
      { exempt: { users: { superuser: true } } },
      "allow user",
    ],
    [
      "superuser is not staff",
      { user: { ...ANONYMOUS, superuser: true } },
      { exempt: { users: { staff: true } } },
      "block mode",
    ],
    ["predicate", { user: { ...ANONYMOUS, exempt: true } }, { exempt: { users: () => true } }, "allow user"],
    [
      "nothing configured",
      { user: { ...ANONYMOUS, staff: true, superuser: true, authenticated: true } },
      {},
      "block mode",
    ],
  ])("%s", (_name, request, options, expected) => {
    expect(whileClosed(request, options)).toBe(expected);
  });

  test("those of the site, of '*' and of the configuration are added up, and the rule is named", () => {
    const exemptions = (pattern: string) => ({
      exemptions: { paths: [{ pattern, description: "why" }], addresses: [] },
    });
    const options = { sites: { shop: { hosts: ["shop.example"] } }, exempt: { paths: ["/c"] } };
    const snapshot = snapshotOf({ "*": { ...closed, ...exemptions("/a") }, shop: exemptions("/b") }, options);
    const ruleFor = (target: string, host = "shop.example") => {
      const decision = decide(requestFacts({ target, host }), snapshot, NOW);
      return decision.outcome === "allow" ? decision.rule : null;
    };
    expect(ruleFor("/a")).toEqual({ text: "/a", source: "*", description: "why" });
    expect(ruleFor("/b")).toEqual({ text: "/b", source: "shop", description: "why" });
    expect(ruleFor("/c")).toEqual({ text: "/c", source: "configuration", description: "" });
    expect(ruleFor("/b", "other.example")).toBeNull();
  });

  test("every request that passes a closed site is marked", () => {
    const snapshot = snapshotOf({ "*": closed }, { exempt: { paths: ["/health"] } });
    expect(decide(requestFacts({ target: "/health" }), snapshot, NOW)).toMatchObject({
      bypass: true,
      site: "*",
      mode: "closed",
    });
  });

  test("a test run passes only if it is configured", () => {
    const environment = { NODE_ENV: "test" };
    const run = (tests: boolean) =>
      decide(requestFacts(), snapshotOf({ "*": closed }, { exempt: { tests }, environment }), NOW);
    expect(told(run(true))).toBe("allow test-run");
    expect(told(run(false))).toBe("block mode");
  });
});

describe("lockdown", () => {
  const options: MaintenanceOptions = {
    exempt: { paths: ["/*"], addresses: ["0.0.0.0/0"], users: { staff: true }, methods: ["GET"] },
    operatorPaths: ["/maintenance/*"],
  };
  const request: TestRequest = { address: "10.0.0.1", user: { ...ANONYMOUS, staff: true } };

  test("no exemption counts", () => {
    expect(whileClosed(request, options, { lockdown: true })).toBe("block lockdown");
  });

  test("the operators' own surfaces answer", () => {
    expect(whileClosed({ ...request, target: "/maintenance/" }, options, { lockdown: true })).toBe(
      "allow operator-surface",
    );
    expect(whileClosed({ ...request, target: "/maintenance/../x" }, options, { lockdown: true })).toBe(
      "block lockdown",
    );
  });

  test("a lockdown of an open site has no effect", () => {
    expect(whileClosed(request, options, { mode: "open", lockdown: true })).toBe("allow open");
  });

  test("a lockdown of '*' counts even if the site determines the answer", () => {
    const snapshot = snapshotOf(
      { "*": { ...closed, lockdown: true }, shop: closed },
      { ...options, sites: { shop: { hosts: ["shop.example"] } } },
    );
    expect(decide(requestFacts({ ...request, host: "shop.example" }), snapshot, NOW)).toMatchObject({
      reason: "lockdown",
      site: "shop",
    });
  });
});

describe("a marked route", () => {
  test("passes or is blocked, whatever the mode and the exemptions", () => {
    expect(whileClosed({ route: "forced-open" })).toBe("allow route-forced-open");
    const open = snapshotOf({}, { exempt: { paths: ["/*"] } });
    expect(told(decide(requestFacts({ route: "forced-closed" }), open, NOW))).toBe("block route-forced-closed");
  });
});

describe("an override", () => {
  test("off opens what the store has closed", () => {
    const snapshot = snapshotOf({ "*": closed }, { override: "off" });
    expect(told(decide(requestFacts(), snapshot, NOW))).toBe("allow override-open");
    expect(snapshot.passAll).toBe(true);
  });

  test("on closes what the store has open, and exemptions apply", () => {
    const snapshot = snapshotOf({}, { override: "on", exempt: { paths: ["/health"] } });
    expect(decide(requestFacts(), snapshot, NOW)).toMatchObject({ reason: "override-closed", until: null });
    expect(told(decide(requestFacts({ target: "/health" }), snapshot, NOW))).toBe("allow path");
  });

  test("the environment takes precedence over the code", () => {
    const snapshot = snapshotOf({}, { override: "off", environment: { MAINTENANCE_MODE: "on" } });
    expect(told(decide(requestFacts(), snapshot, NOW))).toBe("block override-closed");
  });
});

describe("a state that was never loaded", () => {
  test("is open or closed as configured", () => {
    expect(told(decide(requestFacts(), unloadedSnapshot(), NOW))).toBe("allow open");
    const strict = unloadedSnapshot({ whenNeverLoaded: "closed", exempt: { paths: ["/health"] } });
    expect(told(decide(requestFacts(), strict, NOW))).toBe("block never-loaded");
    expect(told(decide(requestFacts({ target: "/health" }), strict, NOW))).toBe("allow path");
  });

  test("is checked again for each request", () => {
    expect(unloadedSnapshot().passAll).toBe(false);
  });
});

test("a record can have its own redirect, which passes", () => {
  const record = { ...closed, response: { ...NO_RESPONSE_SETTINGS, redirect: "/sorry" } };
  expect(whileClosed({ target: "/sorry" }, { redirect: "/down" }, record)).toBe("allow redirect-target");
  expect(whileClosed({ target: "/down" }, { redirect: "/down" }, record)).toBe("block mode");
});
