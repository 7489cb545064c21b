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
import { requests, situations } from "./random-situations.ts";

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

/** A request, others that differ from it in a few members, and all of them again. */
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
            expect(block.plan(now)).toEqual(planResponse(block, facts, snapshot, now));
          }
        }
      }),
      { numRuns: 5_000 },
    );
    expect(found).toBeGreaterThan(2_500);
  });
});
