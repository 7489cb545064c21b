import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import type { ResponsePlan } from "../../src/engine/answer/response-plan.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { BY, type GateUnderTest, gateUnderTest } from "../support/gate-under-test.ts";
import { requestFacts, type TestRequest } from "../support/request-facts.ts";

const COOKIE = "__Host-maintenance-bypass";

async function closedGate(options: MaintenanceOptions = {}): Promise<GateUnderTest> {
  const under = gateUnderTest({
    sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } },
    ...options,
  });
  await under.controller.execute({ type: "close", sites: ["shop", "blog"] }, BY);
  await under.gate.ready();
  return under;
}

async function linkFor({ gate, controller }: GateUnderTest, site: string | undefined, expires: string | null = null) {
  const link = await controller.links.create({ site, label: "QA", expires, by: BY });
  await gate.refresh();
  return link;
}

function headersOf({ headers }: ResponsePlan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: headers.length / 2 }, (_, index) => headers.slice(index * 2, index * 2 + 2)),
  );
}

/** Opens a link as a browser does, and returns the status, headers and cookie value of the redirect; `null` if the link is refused. */
function open({ gate }: GateUnderTest, request: TestRequest) {
  const facts = requestFacts({ host: "shop.example", ...request });
  const decision = gateInternals(gate).decide(facts);
  if (decision.outcome !== "admit") return null;
  const plan = gateInternals(gate).plan(decision, facts);
  const headers = headersOf(plan);
  return {
    status: plan.status,
    headers,
    value: new RegExp(`^${COOKIE}=([^;]*)`).exec(headers["Set-Cookie"] ?? "")?.[1] ?? "",
  };
}

const withCookie = (value: string, request: TestRequest = {}): TestRequest => ({
  host: "shop.example",
  ...request,
  headers: { cookie: `theme=dark; ${COOKIE}=${value}; lang=de` },
});

describe("opening a link", () => {
  test("exchanges its token for a cookie and removes it from the URL, whatever else the URL has", async () => {
    const under = await closedGate();
    const { token } = await linkFor(under, "shop", "2026-11-21T14:00:00Z");
    const opened = open(under, { target: `/a?x=1&maintenance-access=${token}&y=2` });
    expect(opened?.status).toBe(302);
    expect(opened?.headers).toMatchObject({
      Location: "/a?x=1&y=2",
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "Set-Cookie": expect.stringMatching(/; Path=\/; Max-Age=7200; HttpOnly; Secure; SameSite=Lax$/),
    });
    expect(JSON.stringify(opened)).not.toContain(token);
    const decision = gateInternals(under.gate).decide(requestFacts(withCookie(opened?.value ?? "", { target: "/b" })));
    expect(decision).toMatchObject({
      outcome: "allow",
      reason: "bypass-cookie",
      bypass: true,
      rule: { description: "QA", source: "shop" },
    });
  });

  test.each([
    ["/?maintenance-access=TOKEN", "/"],
    ["/a?maintenance-access=TOKEN#top", "/a"],
    ["//evil.example/?maintenance-access=TOKEN", "/evil.example/"],
    ["/\\evil.example/?maintenance-access=TOKEN", "/evil.example/"],
    ["http://evil.example/a?maintenance-access=TOKEN", "/a"],
  ])("at %s leads to %s, and never to another host", async (target, location) => {
    const under = await closedGate();
    const { token } = await linkFor(under, "shop");
    expect(open(under, { target: target.replace("TOKEN", token) })?.headers).toMatchObject({ Location: location });
  });

  test("a link for '*' opens every site, and a link for a site only that one", async () => {
    const under = await closedGate();
    const all = await linkFor(under, undefined);
    const shop = await linkFor(under, "shop");
    expect(open(under, { host: "blog.example", target: `/?${all.query}` })).not.toBeNull();
    expect(open(under, { host: "blog.example", target: `/?${shop.query}` })).toBeNull();
    const value = open(under, { target: `/?${shop.query}` })?.value ?? "";
    expect(under.passes(withCookie(value))).toBe(true);
    expect(under.passes(withCookie(value, { host: "blog.example" }))).toBe(false);
  });

  test("a POST with a token passes directly, because a redirect would lose its body", async () => {
    const under = await closedGate();
    const { query } = await linkFor(under, "shop");
    expect(
      gateInternals(under.gate).decide(requestFacts({ host: "shop.example", method: "POST", target: `/?${query}` })),
    ).toMatchObject({
      outcome: "allow",
      reason: "bypass-link",
      bypass: true,
    });
  });
});

describe("these do not let in", () => {
  test.each([
    "/?maintenance-access=",
    "/?maintenance-access",
    "/?maintenance-access=wrong",
    "/?maintenance-access[]=TOKEN",
    "/?maintenance-access[a]=TOKEN",
    "/?Maintenance-Access=TOKEN",
    "/?xmaintenance-access=TOKEN",
    "/#?maintenance-access=TOKEN",
    "/?maintenance-access=TOKEN%00",
    "/?maintenance-access=__proto__",
  ])("%s", async (target) => {
    const under = await closedGate();
    const { token } = await linkFor(under, "shop");
    const request = { host: "shop.example", target: target.replaceAll("TOKEN", token) };
    expect(gateInternals(under.gate).decide(requestFacts(request)).outcome).toBe("block");
  });

  test("a link, or its cookie, that has expired, was revoked, or is of an older generation", async () => {
    const under = await closedGate();
    const { gate, controller, clock, passes } = under;
    const [brief, revoked, all] = [
      await linkFor(under, "shop", "2026-11-21T12:30:00Z"),
      await linkFor(under, "shop"),
      await linkFor(under, "shop"),
    ];
    const [briefCookie, revokedCookie, allCookie] = [brief, revoked, all].map(
      ({ query }) => open(under, { target: `/?${query}` })?.value ?? "",
    );
    expect([briefCookie, revokedCookie, allCookie].map((value) => passes(withCookie(value ?? "")))).toEqual([
      true,
      true,
      true,
    ]);

    await clock.advance(30 * 60_000);
    expect([open(under, { target: `/?${brief.query}` }), passes(withCookie(briefCookie ?? ""))]).toEqual([null, false]);

    await controller.execute({ type: "revoke-links", site: "shop", links: [revoked.id] }, BY);
    await gate.refresh();
    expect([open(under, { target: `/?${revoked.query}` }), passes(withCookie(revokedCookie ?? ""))]).toEqual([
      null,
      false,
    ]);
    expect(passes(withCookie(allCookie ?? ""))).toBe(true);

    await controller.execute({ type: "revoke-links", site: "shop" }, BY);
    await gate.refresh();
    expect([open(under, { target: `/?${all.query}` }), passes(withCookie(allCookie ?? ""))]).toEqual([null, false]);
  });

  test("a cookie without an end of its own expires after a day", async () => {
    const under = await closedGate();
    const { query } = await linkFor(under, "shop");
    const value = open(under, { target: `/?${query}` })?.value ?? "";
    await under.clock.advance(86_399_000);
    expect(under.passes(withCookie(value))).toBe(true);
    await under.clock.advance(1_000);
    expect(under.passes(withCookie(value))).toBe(false);
  });

  test("any mutation of a valid cookie", async () => {
    const under = await closedGate();
    const { query } = await linkFor(under, "shop");
    const genuine = open(under, { target: `/?${query}` })?.value ?? "";
    const mutation = fc.tuple(
      fc.nat(genuine.length - 1),
      fc.constantFrom("", "a", "0", "9", "~", "-", "AA"),
      fc.boolean(),
    );
    fc.assert(
      fc.property(mutation, ([at, by, insert]) => {
        const forged = genuine.slice(0, at) + by + genuine.slice(insert ? at : at + 1);
        fc.pre(forged !== genuine);
        expect(under.passes(withCookie(forged))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
    for (const value of ["", COOKIE, "maintenance-bypass", "~~~~", `${genuine}~`, "x".repeat(10_000)]) {
      expect(under.passes(withCookie(value))).toBe(false);
    }
  });

  test("any token or cookie in lockdown", async () => {
    const under = await closedGate();
    const { query } = await linkFor(under, "shop");
    const value = open(under, { target: `/?${query}` })?.value ?? "";
    await under.controller.execute({ type: "close", sites: ["shop"], lockdown: true }, BY);
    await under.gate.refresh();
    expect([open(under, { target: `/?${query}` }), under.passes(withCookie(value))]).toEqual([null, false]);
  });
});

describe("keys", () => {
  const [old, recent] = ["o".repeat(32), "n".repeat(32)];

  test("the first signs and all verify, so that one can be retired", async () => {
    const before = await closedGate({ keys: [old] });
    const { query } = await linkFor(before, "shop");
    const signedByOld = open(before, { target: `/?${query}` })?.value ?? "";
    const store = before.store;
    const rotating = gateUnderTest({ store, sites: { shop: { hosts: ["shop.example"] } }, keys: [recent, old] });
    const retired = gateUnderTest({ store, sites: { shop: { hosts: ["shop.example"] } }, keys: [recent] });
    await Promise.all([rotating.gate.ready(), retired.gate.ready()]);
    expect([rotating.passes(withCookie(signedByOld)), retired.passes(withCookie(signedByOld))]).toEqual([true, false]);
    const signedByRecent = open(rotating, { target: `/?${query}` })?.value ?? "";
    expect(retired.passes(withCookie(signedByRecent))).toBe(true);
  });

  test("a short key is refused without being shown", () => {
    expect(() => gateUnderTest({ keys: ["hunter2"] })).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_OPTION", message: expect.not.stringContaining("hunter2") }),
    );
  });
});

test.each(["2001:db8::1", undefined])(
  "after many wrong tokens and forged cookies from %s, valid ones still let in",
  async (address) => {
    const under = await closedGate();
    const { query } = await linkFor(under, "shop");
    const cookie = open(under, { target: `/?${query}`, address })?.value ?? "";
    const forged = `${cookie.slice(0, -43)}${"A".repeat(43)}`;
    for (let count = 0; count < 50; count += 1) {
      open(under, { target: "/?maintenance-access=guess", address });
      expect(under.passes({ host: "shop.example", address, headers: { cookie: `${COOKIE}=${forged}` } })).toBe(false);
    }
    expect(open(under, { target: `/?${query}`, address })).not.toBeNull();
    expect(under.passes({ host: "shop.example", address, headers: { cookie: `${COOKIE}=${cookie}` } })).toBe(true);
  },
);

test("of a client that has forged cookies, one cookie is checked instead of several", async () => {
  const under = await closedGate();
  const { query } = await linkFor(under, "shop");
  const cookie = open(under, { target: `/?${query}` })?.value ?? "";
  const forged = `${cookie.slice(0, -43)}${"A".repeat(43)}`;
  const sent = (...values: readonly string[]) => ({
    host: "shop.example",
    address: "192.0.2.9",
    headers: { cookie: values.map((value) => `${COOKIE}=${value}`).join("; ") },
  });
  expect(under.passes(sent(forged, forged, forged, cookie))).toBe(true);
  expect(under.passes(sent(forged, forged, forged, forged, cookie))).toBe(false);
  for (let count = 0; count < 10; count += 1) under.passes(sent(forged));
  expect(under.passes(sent(forged, cookie))).toBe(false);
  expect(under.passes(sent(cookie, forged))).toBe(true);
  await under.clock.advance(60_000);
  expect(under.passes(sent(forged, cookie))).toBe(true);
});

test("the history, the log and errors never contain a token or a key", async () => {
  const under = await closedGate();
  const { token } = await linkFor(under, "shop");
  open(under, { target: `/?maintenance-access=${token}` });
  open(under, { target: `/?maintenance-access=${token}x` });
  const history = JSON.stringify(await under.controller.history());
  expect(history).not.toContain(token);
  expect(under.log.join()).not.toContain(token);
});
