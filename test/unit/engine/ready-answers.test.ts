import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { planResponse } from "../../../src/engine/answer/plan-response.ts";
import { ReadyAnswers } from "../../../src/engine/answer/ready-answers.ts";
import { decide } from "../../../src/engine/decide/decide.ts";
import { ANONYMOUS, type RequestFacts } from "../../../src/engine/decide/request-facts.ts";
import type { Snapshot } from "../../../src/engine/snapshot/snapshot.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import type { Situation } from "../../support/reference-decision.ts";
import { requestFacts, type TestRequest } from "../../support/request-facts.ts";
import { NOW, snapshotOf, unloadedSnapshot } from "../../support/snapshot.ts";
import { LINKS, requests, situations } from "./random-situations.ts";

beforeAll(loadLinearRegExp);

const answerOptions = fc.constantFrom<MaintenanceOptions[]>(
  ...[{}, {}, {}],
  { name: "Everything", sites: { blog: { name: "Blog", hosts: ["blog.example"] } } },
  { cors: { origins: ["https://app.example"] } },
  { responseType: "json" },
  { responseType: ({ target }) => (target.length % 2 === 0 ? "text" : undefined) },
  { operatorPaths: ["/open/*"] },
  { jsonPaths: ["/open/*"] },
  { respond: ({ target }) => ({ body: target }) },
  { template: ({ message }) => message },
);

const COMPARED = {
  accept: fc.constantFrom("text/html", "application/json", "*/*", "text/plain;q=0.5"),
  "accept-language": fc.constantFrom("de", "en-GB,en;q=0.5", "ar"),
  "sec-fetch-dest": fc.constantFrom("document", "empty", "script"),
  upgrade: fc.constantFrom("websocket", "h2c"),
};

const oneHeader: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  ...Object.entries(COMPARED).map(([name, values]) => values.map((value) => ({ [name]: value }))),
  fc.constantFrom<Readonly<Record<string, string>>[]>(
    { "sec-fetch-mode": "cors" },
    { "x-requested-with": "XMLHttpRequest" },
    { origin: "https://app.example" },
    { origin: "https://app.example", "access-control-request-method": "POST" },
    { "x-http-method-override": "DELETE" },
    { "x-method-override": "GET" },
    { cookie: "theme=dark" },
  ),
  requests.map(({ headers = {} }) => headers),
);

const members = fc.subarray<keyof TestRequest>(
  ["method", "host", "otherHosts", "target", "address", "user", "route", "headers", "headers"],
  { maxLength: 2 },
);

const plainRequests: fc.Arbitrary<TestRequest> = fc.record({
  method: fc.constantFrom("GET", "GET", "HEAD", "POST", "OPTIONS"),
  host: fc.constantFrom("shop.example", "blog.example", "unknown.example", undefined),
  target: fc.constantFrom("/", "/cart", "/cart?page=2", "/private", "/open/x", "/users/7", "/down", "/caf%C3%A9"),
  address: fc.constantFrom(undefined, "10.0.0.42", "203.0.113.9"),
  user: fc.constantFrom(undefined, undefined, ANONYMOUS),
  headers: fc.record(COMPARED, { requiredKeys: [] }),
});

/** Generates a request, variants that differ from it in a few members, and all of them a second time. */
const alike: fc.Arbitrary<readonly TestRequest[]> = fc
  .tuple(plainRequests, fc.array(fc.tuple(requests, oneHeader, members), { minLength: 2 }))
  .map(([plain, changes]) => {
    const changed = changes.map(([change, added, names]): TestRequest => {
      const taken = Object.fromEntries(names.map((name) => [name, change[name]]));
      return {
        ...plain,
        ...taken,
        headers: { ...plain.headers, ...(names.includes("headers") && added) },
      };
    });
    return [plain, ...changed, plain, ...changed];
  });

function compile({ records, options, environment, neverLoaded }: Situation, more: MaintenanceOptions): Snapshot {
  const given = { ...options, ...more, environment: environment as Record<string, string> };
  const snapshot = neverLoaded ? unloadedSnapshot(given) : snapshotOf(records, given);
  return { ...snapshot, policy: { ...snapshot.policy, random: () => 0.5 } };
}

describe("a ready answer", () => {
  test("equals what decide and planResponse return, for any requests, state, configuration and time", () => {
    let found = 0;
    const times = fc.array(fc.constantFrom(NOW - 5_000, NOW, NOW, NOW + 500, NOW + 1_500), { minLength: 1 });
    fc.assert(
      fc.property(situations, answerOptions, alike, times, (situation, options, all, clock) => {
        const snapshot = compile(situation, options);
        const ready = new ReadyAnswers(snapshot);
        for (const [index, request] of all.entries()) {
          const now = clock[index % clock.length] ?? NOW;
          const user = request.user?.authenticated === false ? ANONYMOUS : request.user;
          const facts: RequestFacts = {
            ...requestFacts({ ...request, user }),
            ...(index % 3 === 0 && { processed: false }),
          };
          const block = ready.find(facts, { now: () => now });
          if (block === null) ready.add(facts, now);
          else {
            found += 1;
            expect({ ...block }).toEqual(decide(facts, snapshot, now));
            expect(block.plan({ now: () => now })).toEqual(planResponse(block, facts, snapshot, now));
          }
        }
      }),
      { numRuns: 5_000 },
    );
    expect(found).toBeGreaterThan(2_500);
  });

  const records = {
    "*": {
      mode: "closed" as const,
      until: "2026-11-21T12:00:01Z",
      exemptions: {
        paths: [{ pattern: "/health", description: "" }],
        addresses: [{ range: "10.0.0.0/8", description: "" }],
      },
      links: LINKS,
    },
  };
  const blocked: TestRequest = { target: "/cart", address: "203.0.113.9", headers: { accept: "text/html" } };
  const clock = { now: () => NOW };

  function readyAnswers(now = NOW, options: MaintenanceOptions = {}): ReadyAnswers {
    const ready = new ReadyAnswers(snapshotOf(records, options));
    ready.add(requestFacts(blocked), now);
    return ready;
  }

  test.each<[string, TestRequest]>([
    ["the same request", blocked],
    ["another path", { ...blocked, target: "/cart/2?page=3" }],
    ["another address", { ...blocked, address: "203.0.113.10" }],
    ["a cookie of the application", { ...blocked, headers: { ...blocked.headers, cookie: "theme=dark" } }],
  ])("is found for %s", (_what, request) => {
    expect(readyAnswers().find(requestFacts(request), clock)).toMatchObject({
      outcome: "block",
      reason: "mode",
      site: "*",
    });
  });

  test.each<[string, TestRequest]>([
    ["a cookie of a bypass link", { headers: { ...blocked.headers, cookie: "maintenance-bypass=x" } }],
    ["a token of a bypass link", { target: "/cart?maintenance-access=x" }],
    ["an exempt path", { target: "/health" }],
    ["a path that is unclear", { target: "/a/../health" }],
    ["an exempt address", { address: "10.0.0.42" }],
    ["an overridden method", { headers: { ...blocked.headers, "x-method-override": "GET" } }],
    ["another method", { method: "POST" }],
    ["another type", { headers: { accept: "application/json" } }],
    ["another language", { headers: { ...blocked.headers, "accept-language": "de" } }],
    ["a WebSocket", { headers: { ...blocked.headers, upgrade: "websocket" } }],
    ["another host", { host: "blog.example" }],
    ["two hosts", { otherHosts: ["blog.example"] }],
    ["a route with a mark", { route: "forced-open" }],
    ["a user", { user: { ...ANONYMOUS, staff: true } }],
    ["a request that no code of the application has seen", { processed: false }],
  ])("is not found for %s", (_what, change) => {
    const options = { secureCookies: false, sites: { blog: { hosts: ["blog.example"] } } };
    expect(readyAnswers(NOW, options).find(requestFacts({ ...blocked, ...change }), clock)).toBeNull();
  });

  test("is not found from the time at which a mode changes, and not kept then", () => {
    expect(readyAnswers().find(requestFacts(blocked), { now: () => NOW + 1_000 })).toBeNull();
    const all = { ...records, shop: { mode: "closed" as const, hosts: ["app.example"] } };
    const ready = new ReadyAnswers(snapshotOf(all));
    ready.add(requestFacts(blocked), NOW + 1_000);
    expect(ready.find(requestFacts(blocked), clock)).toBeNull();
  });

  test.each<[string, MaintenanceOptions]>([
    ["respond", { respond: ({ target }) => ({ body: target }) }],
    ["a function as responseType", { responseType: ({ target }) => (target === "/cart" ? "text" : "json") }],
    ["a redirect", { redirect: "/down" }],
  ])("is not kept with %s, which reads more of the request", (_what, options) => {
    expect(readyAnswers(NOW, options).find(requestFacts(blocked), clock)).toBeNull();
  });

  test("does not let clients fill the memory", () => {
    const ready = readyAnswers();
    const long = { ...blocked, headers: { accept: `text/html${" ".repeat(1_000)}` } };
    ready.add(requestFacts(long), NOW);
    expect(ready.find(requestFacts(long), clock)).toBeNull();
    const first = { ...blocked, host: "host-0.example" };
    for (let host = 0; host < 5_000; host++) ready.add(requestFacts({ ...blocked, host: `host-${host}.example` }), NOW);
    expect(ready.find(requestFacts(first), clock)).toBeNull();
    expect(ready.find(requestFacts({ ...blocked, host: "host-4999.example" }), clock)).not.toBeNull();
  });
});
