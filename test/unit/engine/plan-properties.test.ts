import { validateHeaderName, validateHeaderValue } from "node:http";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { planAdmission } from "../../../src/engine/answer/plan-admission.ts";
import { planResponse } from "../../../src/engine/answer/plan-response.ts";
import type { ResponsePlan } from "../../../src/engine/answer/response-plan.ts";
import { decide } from "../../../src/engine/decide/decide.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import { parseSiteRecord } from "../../../src/state/parse-site-record.ts";
import { NO_NOTICE, type SiteRecord } from "../../../src/state/site-record.ts";
import { requestFacts, type TestRequest } from "../../support/request-facts.ts";
import { NOW, snapshotOf } from "../../support/snapshot.ts";
import { LINKS, targets } from "./random-situations.ts";

beforeAll(loadLinearRegExp);

const words = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.constantFrom(
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\ud800",
    "a\r\nSet-Cookie: a=b",
    "",
  ),
);

const seconds = fc.constantFrom(null, 0, 1, 60, 86_400);
const redirect = fc.constantFrom(
  null,
  null,
  "/down",
  "/wartung ü?x=ü#ü",
  "/\u202e?%zz",
  "https://münchen.example/ü",
  "/a?%0d%0ab",
);

/** Valid records, as read from a store. */
const records: fc.Arbitrary<SiteRecord> = fc
  .record({
    mode: fc.constantFrom("closed", "closed", "read-only", "paused"),
    until: fc.constantFrom(null, "2026-11-21T12:00:01Z", "9999-12-31T23:59:59Z"),
    lockdown: fc.boolean(),
    notice: fc.record({
      title: words,
      message: words,
      translations: fc.dictionary(
        fc.constantFrom("de", "pt-BR", "AR", "en"),
        fc.record({ title: words, message: words }),
      ),
      url: fc.constantFrom(null, "https://status.example/?a=<b>&c='\"", "https://ü.example/\u202e"),
    }),
    response: fc.record({
      status: fc.constantFrom(null, 400, 503, 599),
      retryAfter: seconds,
      refresh: seconds,
      redirect,
    }),
  })
  .map((record) => parseSiteRecord("*", 7, JSON.stringify(record)));

const broken = (): never => {
  throw new Error("broken");
};

const options: fc.Arbitrary<MaintenanceOptions> = fc.record(
  {
    cors: fc.constantFrom<NonNullable<MaintenanceOptions["cors"]>[]>(
      { origins: "*" },
      { origins: ["https://app.example"], credentials: true },
    ),
    responseType: fc.constantFrom<NonNullable<MaintenanceOptions["responseType"]>[]>(
      "json",
      "text",
      () => undefined,
      broken,
    ),
    jsonPaths: fc.constant(["/api/*", "/open/*"]),
    template: fc.constantFrom<NonNullable<MaintenanceOptions["template"]>[]>(({ message }) => message, broken),
    respond: fc.constantFrom<NonNullable<MaintenanceOptions["respond"]>[]>(
      () => ({ status: 404, headers: { "cache-control": "public", "x-own": "ü" }, body: "ü\ud800" }),
      () => ({ headers: { "x-own": "a\r\nb" } }),
      () => ({ status: 200 }),
      broken,
    ),
    logger: fc.constant({ debug() {}, info() {}, warn() {}, error() {} }),
  },
  { requiredKeys: ["logger"] },
);

/** Header values as they may arrive: any character except controls, decoded as Latin-1. */
const headerValue = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
});

const mediaRanges = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "text/html",
        "application/json",
        "text/plain",
        "*/*",
        "application/*",
        "image/png",
        "text/*",
        "x",
        "/",
      ),
      fc.constantFrom("", ";q=0", ";q=0.5", ";q=x", ";q", ";", ";charset=utf-8;q=1"),
    ),
  )
  .map((ranges) => ranges.map((parts) => parts.join("")).join(", "));

const languages = fc
  .array(fc.constantFrom("de", "de-CH;q=0.9", "ar", "zh-Hant-TW", "pt-br", "*", "x-klingon", "-", ";q=1", "en;q=0"))
  .map((tags) => tags.join(","));

const visitors: fc.Arbitrary<TestRequest> = fc.record({
  method: fc.constantFrom("GET", "GET", "HEAD", "POST", "OPTIONS", "OPTIONS"),
  target: targets,
  headers: fc.record(
    {
      accept: fc.oneof(mediaRanges, headerValue),
      "accept-language": fc.oneof(languages, headerValue),
      origin: fc.oneof(
        fc.constantFrom("https://app.example", "https://app.example, https://evil.example", "null"),
        headerValue,
      ),
      "access-control-request-method": fc.oneof(fc.constantFrom("PUT", ""), headerValue),
      "access-control-request-headers": fc.oneof(fc.constantFrom("x-a, x-b"), headerValue),
    },
    { requiredKeys: [] },
  ),
});

function expectLegal({ status, headers, body }: ResponsePlan, method: string | undefined): void {
  expect(Number.isInteger(status) && status >= 200 && status <= 599).toBe(true);
  expect(headers.length % 2).toBe(0);
  const values = new Map<string, string>();
  for (let index = 0; index < headers.length; index += 2) {
    const [name = "", value = ""] = headers.slice(index, index + 2);
    validateHeaderName(name);
    validateHeaderValue(name, value);
    expect(value).toMatch(/^[\x20-\x7e\x80-\xff]*$/);
    expect(values.has(name.toLowerCase())).toBe(false);
    values.set(name.toLowerCase(), value);
  }
  expect(values.get("cache-control")).toBe("no-store");
  const bytes = Buffer.byteLength(body ?? "");
  if (method === "HEAD" || status === 204) expect(body).toBeNull();
  else expect(Number(values.get("content-length"))).toBe(bytes);
  if (status === 204) expect(values.has("content-length")).toBe(false);
  // With another type, a browser might guess one and run the answer as code.
  if (body !== null && body !== "") expect(values.get("content-type")).toMatch(/^(?:text\/|application\/problem)/);
  expect([200, 206, 301, 304]).not.toContain(status);
}

describe("for any record and any request", () => {
  test("the answer to a blocked request can be written unchanged, and is never stored", () => {
    fc.assert(
      fc.property(records, options, visitors, (record, given, visitor) => {
        const snapshot = snapshotOf({ "*": record }, given);
        const facts = requestFacts(visitor);
        for (const now of [NOW, NOW + 999]) {
          const decision = decide(facts, snapshot, now);
          if (decision.outcome === "block") expectLegal(planResponse(decision, facts, snapshot, now), visitor.method);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("the answer to an opened link can be written unchanged, leads to the same host, and opens no link there", () => {
    const snapshot = snapshotOf({ "*": { mode: "closed", links: LINKS } });
    fc.assert(
      fc.property(targets, (target) => {
        const facts = requestFacts({ target });
        const decision = decide(facts, snapshot, NOW);
        // No server passes on a target with other characters.
        fc.pre(decision.outcome === "admit" && /^[\x21-\x7e\x80-\xff]*$/.test(target));
        if (decision.outcome !== "admit") return;
        const plan = planAdmission(decision, facts, snapshot, NOW);
        expectLegal(plan, "GET");
        const location = new URL(plan.headers[plan.headers.indexOf("Location") + 1] ?? "", "https://shop.example");
        expect(location.origin).toBe("https://shop.example");
        const cleaned = requestFacts({ target: location.href.slice(location.origin.length) });
        expect(decide(cleaned, snapshot, NOW).outcome).not.toBe("admit");
      }),
      { numRuns: 500 },
    );
  });

  test("a title and a message add no markup to the page, and the problem is JSON", () => {
    const pageOf = (notice: Partial<SiteRecord["notice"]>, accept: string): string => {
      const snapshot = snapshotOf({ "*": { mode: "closed", notice: { ...NO_NOTICE, ...notice } } });
      const facts = requestFacts({ headers: { accept } });
      const decision = decide(facts, snapshot, NOW);
      return decision.outcome === "block" ? (planResponse(decision, facts, snapshot, NOW).body ?? "") : "";
    };
    const markupOf = (html: string): string => (html.match(/<[^>]*>/g) ?? []).join("");
    const plain = markupOf(pageOf({ title: "A", message: "b" }, "text/html"));
    fc.assert(
      fc.property(words, words, (title, message) => {
        fc.pre(title !== "" && message !== "");
        expect(markupOf(pageOf({ title, message }, "text/html"))).toBe(plain);
        const problem = JSON.parse(pageOf({ title, message }, "application/json"));
        expect(problem).toMatchObject({ title, message, status: 503 });
      }),
    );
  });
});
