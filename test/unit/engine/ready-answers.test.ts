import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { NodeFacts } from "../../../src/adapters/node/facts.ts";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { planResponse } from "../../../src/engine/answer/plan-response.ts";
import { ReadyAnswers } from "../../../src/engine/answer/ready-answers.ts";
import type { ResponsePlan } from "../../../src/engine/answer/response-plan.ts";
import { decide } from "../../../src/engine/decide/decide.ts";
import type { Decision } from "../../../src/engine/decide/decision.ts";
import { METHOD_OVERRIDES } from "../../../src/engine/decide/is-reading.ts";
import { ANONYMOUS, type UserFacts } from "../../../src/engine/decide/request-facts.ts";
import { isAnonymous } from "../../../src/engine/decide/user-facts.ts";
import type { Snapshot } from "../../../src/engine/snapshot/snapshot.ts";
import { gateInternals } from "../../../src/gate/internals.ts";
import { createGate } from "../../../src/gate.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import type { Situation } from "../../support/reference-decision.ts";
import type { TestRequest } from "../../support/request-facts.ts";
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
    { authorization: "Bearer x" },
    { upgrade: "websocket" },
    { Upgrade: "h2c" },
    { "x-forwarded-host": "blog.example" },
    { ":authority": "blog.example" },
  ),
  requests.map(({ headers = {} }) => headers),
);

const members = fc.subarray<keyof TestRequest>(
  ["method", "host", "otherHosts", "target", "address", "user", "headers", "headers"],
  { maxLength: 2 },
);

const plainRequests: fc.Arbitrary<TestRequest> = fc.record({
  method: fc.constantFrom("GET", "GET", "HEAD", "POST", "OPTIONS"),
  host: fc.constantFrom("shop.example", "blog.example", "unknown.example", "shop.example", "blog.example", undefined),
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

/** One connection for each address. */
const sockets = new Map<string | undefined, Socket>();

/** Returns the request as `node:http` reads it. */
function received({ method = "GET", host, otherHosts = [], target = "/", address, headers }: TestRequest) {
  const socket = sockets.get(address) ?? new Socket();
  sockets.set(address, socket);
  const lines = [host, ...otherHosts].filter((line) => line !== undefined);
  const all = Object.entries({ ...headers, ...(host !== undefined && { host }) });
  return Object.assign(new IncomingMessage(socket), {
    method,
    url: target,
    headers: Object.fromEntries(all),
    rawHeaders: [...all.filter(([name]) => name !== "host").flat(), ...lines.flatMap((line) => ["Host", line])],
  });
}

const addressOf = ({ socket }: IncomingMessage): string | undefined =>
  [...sockets].find(([, one]) => one === socket)?.[0];
const gate = gateInternals(
  createGate({ clientAddress: (request) => (request instanceof IncomingMessage ? addressOf(request) : undefined) }),
);

const ONE_ADDRESS = { trustProxy: { kind: "none" }, clientAddress: null } as const;

/** Uses ready answers as an adapter does: `processed` is `false` in front of the application, and `undefined` inside. */
function adapterOf(ready: ReadyAnswers, processed: false | undefined = false) {
  const { snapshot } = ready;
  const factsOf = (message: IncomingMessage): NodeFacts => {
    const facts = new NodeFacts(message, message.url ?? "", gate);
    facts.processed = processed;
    return facts;
  };

  /** Decides as an adapter does, which asks for the user if the decision depends on it. */
  function decideInFull(
    message: IncomingMessage,
    user: UserFacts,
    now: number,
  ): { decision: Decision; facts: NodeFacts } {
    const facts = factsOf(message);
    for (;;) {
      const decision = decide(facts, snapshot, now);
      if (decision.outcome !== "defer") return { decision, facts };
      if (decision.needs === "user") facts.user = user;
      else facts.operation = null;
    }
  }

  return {
    decideInFull,
    find(message: IncomingMessage, user: UserFacts = ANONYMOUS, now = NOW) {
      const source = { processed, address: () => factsOf(message).address, isAnonymous: () => isAnonymous(user) };
      return ready.find(message, message.url ?? "", source, now);
    },
    /** Decides, and keeps the answer to what is blocked. */
    add(message: IncomingMessage, user: UserFacts = ANONYMOUS, now = NOW): void {
      const { decision, facts } = decideInFull(message, user, now);
      if (decision.outcome === "block") ready.add(message, facts, now);
    },
  };
}

/** Returns the plan with its body in UTF-8. */
function decoded(plan: ResponsePlan): ResponsePlan {
  return { ...plan, body: plan.body === null ? null : Buffer.from(plan.body, "latin1").toString() };
}

describe("a ready answer", () => {
  test("equals what decide and planResponse return, for any requests, state, configuration and time", () => {
    let found = 0;
    const times = fc.array(fc.constantFrom(NOW - 5_000, NOW, NOW, NOW + 500, NOW + 1_500), { minLength: 1 });
    fc.assert(
      fc.property(situations, answerOptions, alike, times, (situation, options, all, clock) => {
        const snapshot = compile(situation, options);
        const ready = new ReadyAnswers(snapshot, ONE_ADDRESS);
        const adapters = [adapterOf(ready, false), adapterOf(ready, undefined)] as const;
        for (const [index, request] of all.entries()) {
          const now = clock[index % clock.length] ?? NOW;
          const message = received(request);
          const adapter = adapters[index % 3 === 0 ? 1 : 0];
          const answer = adapter.find(message, request.user, now);
          if (answer === null) adapter.add(message, request.user, now);
          else {
            found += 1;
            const { decision, facts } = adapter.decideInFull(message, request.user ?? ANONYMOUS, now);
            expect(decision).toEqual(answer.block);
            const plan = planResponse(answer.block, facts, snapshot, now);
            expect(answer.plan(now, "utf8")).toEqual(plan);
            expect(decoded(answer.plan(now, "latin1"))).toEqual(plan);
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
  const blocked: TestRequest = {
    host: "app.example",
    target: "/cart",
    address: "203.0.113.9",
    headers: { accept: "text/html" },
  };

  function readyAnswers(options: MaintenanceOptions = {}, user: UserFacts = ANONYMOUS) {
    const adapter = adapterOf(new ReadyAnswers(snapshotOf(records, options), ONE_ADDRESS));
    adapter.add(received(blocked), user);
    return adapter;
  }

  const withHeader = (name: string, value: string): TestRequest => ({
    headers: { ...blocked.headers, [name]: value },
  });

  test.each<[string, TestRequest]>([
    ["the same request", {}],
    ["another path", { target: "/cart/2?page=3" }],
    ["a path that is unclear, and so never exempt", { target: "/a/../health" }],
    ["another address", { address: "203.0.113.10" }],
    ["a cookie of the application", withHeader("cookie", "theme=dark")],
  ])("is found for %s", (_what, change) => {
    expect(readyAnswers().find(received({ ...blocked, ...change }))?.block).toMatchObject({
      outcome: "block",
      reason: "mode",
      site: "*",
    });
  });

  test.each<[string, TestRequest]>([
    ["a cookie of a bypass link", withHeader("cookie", "maintenance-bypass=x")],
    ["a token of a bypass link", { target: "/cart?maintenance-access=x" }],
    ["an exempt path", { target: "/health" }],
    ["a path that is unclear and begins like an exempt one", { target: "/h/../cart" }],
    ["a target with a host", { target: "http://blog.example/cart" }],
    ["a path that names a host", { target: "//blog.example/cart" }],
    ["an exempt address", { address: "10.0.0.42" }],
    ...METHOD_OVERRIDES.map((name): [string, TestRequest] => [`the header ${name}`, withHeader(name, "GET")]),
    ["another method", { method: "POST" }],
    ["another type", { headers: { accept: "application/json" } }],
    ["another language", withHeader("accept-language", "de")],
    ["a WebSocket", withHeader("upgrade", "websocket")],
    ["another host", { host: "blog.example" }],
    ["two lines of Host", { otherHosts: ["blog.example"] }],
    ["a forwarded host", withHeader("x-forwarded-host", "blog.example")],
    ["an authority", withHeader(":authority", "blog.example")],
  ])("is not found for %s", (_what, change) => {
    const options = { secureCookies: false, sites: { blog: { hosts: ["blog.example"] } } };
    expect(readyAnswers(options).find(received({ ...blocked, ...change }))).toBeNull();
  });

  test("with a user exemption, is found for a request without a session without a user", () => {
    const adapter = readyAnswers({ exempt: { users: { staff: true } } });
    expect(adapter.find(received(blocked))).not.toBeNull();
    expect(adapter.find(received(blocked), { ...ANONYMOUS, authenticated: true, staff: true })).toBeNull();
    expect(adapter.find(received({ ...blocked, ...withHeader("cookie", "sid=1") }))).toBeNull();
    expect(adapter.find(received({ ...blocked, ...withHeader("authorization", "Bearer x") }))).toBeNull();
  });

  test("with a user exemption, is not kept for a user or for a request with a session", () => {
    const customer = { ...ANONYMOUS, authenticated: true };
    expect(readyAnswers({ exempt: { users: { staff: true } } }, customer).find(received(blocked))).toBeNull();
    const snapshot = snapshotOf(records, { exempt: { users: { staff: true } } });
    const adapter = adapterOf(new ReadyAnswers(snapshot, ONE_ADDRESS));
    adapter.add(received({ ...blocked, ...withHeader("cookie", "sid=1") }));
    expect(adapter.find(received(blocked))).toBeNull();
  });

  test("judges the address of each request if a proxy states it", () => {
    const hops = { trustProxy: { kind: "hops", count: 1, header: "x-forwarded-for" }, clientAddress: null } as const;
    for (const [addresses, again] of [
      [ONE_ADDRESS, false],
      [hops, true],
    ] as const) {
      const adapter = adapterOf(new ReadyAnswers(snapshotOf(records), addresses));
      const message = received(blocked);
      adapter.add(message);
      expect(adapter.find(message)).not.toBeNull();
      sockets.delete(blocked.address);
      sockets.set("10.0.0.42", message.socket);
      expect(adapter.find(message) === null).toBe(again);
      sockets.delete("10.0.0.42");
    }
  });

  test("is not found from the time at which a mode changes, and not kept then", () => {
    expect(readyAnswers().find(received(blocked), ANONYMOUS, NOW + 1_000)).toBeNull();
    const all = { ...records, shop: { mode: "closed" as const, hosts: ["app.example"] } };
    const adapter = adapterOf(new ReadyAnswers(snapshotOf(all), ONE_ADDRESS));
    adapter.add(received(blocked), ANONYMOUS, NOW + 1_000);
    expect(adapter.find(received(blocked))).toBeNull();
  });

  test.each<[string, MaintenanceOptions]>([
    ["respond", { respond: ({ target }) => ({ body: target }) }],
    ["a function as responseType", { responseType: ({ target }) => (target === "/cart" ? "text" : "json") }],
    ["a redirect", { redirect: "/down" }],
  ])("is not kept with %s, which reads more of the request", (_what, options) => {
    expect(readyAnswers(options).find(received(blocked))).toBeNull();
  });

  test("does not let clients fill the memory", () => {
    const adapter = readyAnswers();
    const long = { ...blocked, headers: { accept: `text/html${" ".repeat(1_000)}` } };
    adapter.add(received(long));
    expect(adapter.find(received(long))).toBeNull();
    const hosts = Array.from({ length: 20_000 }, (_, number) => ({ ...blocked, host: `host-${number}.example` }));
    for (const request of hosts) adapter.add(received(request));
    const found = hosts.flatMap((request, index) => (adapter.find(received(request)) === null ? [] : [index]));
    expect(found.length).toBeLessThan(2_048);
    // All were dropped once, so that others than the first are kept.
    expect(found[0]).toBeGreaterThan(16_384);
  });

  test("is kept for 32 kinds of requests to a host", () => {
    const adapter = readyAnswers();
    const kinds = Array.from({ length: 40 }, (_, kind) =>
      received({ ...blocked, headers: { accept: `text/${kind}` } }),
    );
    for (const kind of kinds) adapter.add(kind);
    for (let time = 0; time < 3; time++) expect(kinds.filter((kind) => adapter.find(kind) !== null)).toHaveLength(31);
  });
});
