import { describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { planResponse } from "../../../src/engine/answer/plan-response.ts";
import { decide } from "../../../src/engine/decide/decide.ts";
import type { PageContext } from "../../../src/engine/page/context.ts";
import { NO_NOTICE, NO_RESPONSE_SETTINGS, type SiteRecord } from "../../../src/state/site-record.ts";
import { requestFacts, type TestRequest } from "../../support/request-facts.ts";
import { NOW, snapshotOf } from "../../support/snapshot.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

function answer(request: TestRequest, record: Partial<SiteRecord> = {}, options: MaintenanceOptions = {}): Answer {
  const facts = requestFacts(request);
  const snapshot = snapshotOf({ "*": { mode: "closed", ...record } }, { random: () => 0.5, ...options });
  const decision = decide(facts, snapshot, NOW);
  if (decision.outcome !== "block") throw new Error(`expected a block, found ${JSON.stringify(decision)}`);
  const { status, headers, body } = planResponse(decision, facts, snapshot, NOW);
  const pairs = Array.from({ length: headers.length / 2 }, (_, index) => headers.slice(index * 2, index * 2 + 2));
  return { status, headers: Object.fromEntries(pairs), body };
}

test("a browser gets a 503 that must not be cached", () => {
  const { status, headers, body } = answer({ headers: { accept: "text/html", "accept-language": "de-AT" } });
  expect(status).toBe(503);
  expect(headers).toMatchObject({
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    Vary: "Accept, Accept-Language",
    "Content-Language": "de",
    "Retry-After": "3600",
    Maintenance: 'closed;site="*";version=1',
    "X-Content-Type-Options": "nosniff",
  });
  expect(headers["Content-Security-Policy"]).toContain("default-src 'none'");
  expect(headers["Content-Length"]).toBe(String(Buffer.byteLength(body ?? "")));
  expect(headers).not.toHaveProperty("Refresh");
  expect(body).toContain('lang="de"');
});

test("HEAD has the headers of GET and no body", () => {
  const { headers, body } = answer({ method: "HEAD" });
  expect(body).toBeNull();
  expect(headers).toEqual(answer({}).headers);
});

describe("the type that the client prefers", () => {
  test.each([
    [undefined, "text/html; charset=utf-8"],
    ["*/*", "text/html; charset=utf-8"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"],
    ["application/json", "application/problem+json"],
    ["application/json, text/plain, */*", "application/problem+json"],
    ["application/vnd.api+json", "application/problem+json"],
    ["application/graphql-response+json, application/json;q=0.9", "application/problem+json"],
    ["text/html;q=0.5, application/json", "application/problem+json"],
    ["application/json;q=0, text/html", "text/html; charset=utf-8"],
    ["text/plain", "text/plain; charset=utf-8"],
    ["image/avif, image/*", "text/html; charset=utf-8"],
    [";;;,,,", "text/html; charset=utf-8"],
    ["a".repeat(10_000), "text/html; charset=utf-8"],
  ])("follows Accept: %s", (accept, expected) => {
    expect(answer({ headers: accept === undefined ? {} : { accept } }).headers["Content-Type"]).toBe(expected);
  });

  test("is JSON for jsonPaths whatever Accept is, and the configuration can set it for all", () => {
    const options = { jsonPaths: ["/api/*"] };
    expect(answer({ target: "/api/users" }, {}, options).headers["Content-Type"]).toBe("application/problem+json");
    expect(answer({ target: "/dashboard" }, {}, options).headers["Content-Type"]).toBe("text/html; charset=utf-8");
    const text = { responseType: "text" as const };
    expect(answer({ headers: { accept: "text/html" } }, {}, text).headers["Content-Type"]).toBe(
      "text/plain; charset=utf-8",
    );
  });
});

test("a program gets the values that it needs to retry", () => {
  const record = { until: "2026-11-21T14:00:00Z", notice: { ...NO_NOTICE, title: "Moving", message: "Back at two." } };
  const { headers, body } = answer({ headers: { accept: "application/json" } }, record);
  expect(headers["Retry-After"]).toBe("7560");
  expect(headers.Maintenance).toBe('closed;site="*";until=@1795269600;version=1');
  expect(JSON.parse(body ?? "")).toMatchObject({
    title: "Moving",
    status: 503,
    detail: "Back at two.",
    mode: "closed",
    site: "*",
    message: "Back at two.",
    until: "2026-11-21T14:00:00Z",
    retryAfter: 7560,
  });
});

describe("Retry-After and Refresh", () => {
  test.each<[string, Partial<SiteRecord>, MaintenanceOptions, string | undefined]>([
    ["an hour by default", {}, {}, "3600"],
    ["the configured number unchanged", {}, { retryAfter: 60 }, "60"],
    ["the record's own before it", { response: { ...NO_RESPONSE_SETTINGS, retryAfter: 30 } }, { retryAfter: 60 }, "30"],
    ["0 leaves it out", {}, { retryAfter: 0 }, undefined],
    ["the seconds to a known end, and half of a tenth", { until: "2026-11-21T12:16:40Z" }, {}, "1050"],
    ["a day at most, however far the end is", { until: "2026-12-31T12:00:00Z" }, {}, "86400"],
    ["a day at most, spread included", { until: "2026-11-22T11:59:00Z" }, {}, "86400"],
    ["a day at most, whatever a record says", { response: { ...NO_RESPONSE_SETTINGS, retryAfter: 1e9 } }, {}, "86400"],
    ["a second at least", { until: "2026-11-21T12:00:00.001Z" }, {}, "1"],
    ["the number that was set, also with a known end", { until: "2026-11-21T12:16:40Z" }, { retryAfter: 5 }, "5"],
  ])("%s", (_name, record, options, expected) => {
    expect(answer({}, record, options).headers["Retry-After"]).toBe(expected);
  });

  test("Refresh is sent if it is set, and only to browsers", () => {
    const options = { refresh: 60 };
    expect(answer({}, {}, options).headers.Refresh).toBe("60");
    expect(answer({ headers: { accept: "application/json" } }, {}, options).headers).not.toHaveProperty("Refresh");
  });
});

describe("a redirect", () => {
  const options = { redirect: "/down" };

  test("is sent to browsers", () => {
    const { status, headers, body } = answer({ headers: { accept: "text/html" } }, {}, options);
    expect([status, headers.Location, headers["Cache-Control"], body]).toEqual([302, "/down", "no-store", ""]);
  });

  test("is never sent to programs", () => {
    expect(answer({ headers: { accept: "application/json" } }, {}, options).status).toBe(503);
  });
});

test("the record's status takes precedence over the configured one", () => {
  expect(answer({}, {}, { statusCode: 500 }).status).toBe(500);
  expect(answer({}, { response: { ...NO_RESPONSE_SETTINGS, statusCode: 520 } }, { statusCode: 500 }).status).toBe(520);
});

test("the site's own texts are escaped", () => {
  const { body } = answer(
    {},
    { notice: { ...NO_NOTICE, title: "<script>alert(1)</script>", message: "</p><img src=x>" } },
  );
  expect(body).not.toContain("<script>alert(1)");
  expect(body).not.toContain("<img src=x>");
});

test("a translation is chosen in the same language as the page", () => {
  const notice = {
    ...NO_NOTICE,
    message: "Back at nine.",
    translations: { de: { title: "", message: "Um neun zurück." } },
  };
  expect(answer({ headers: { "accept-language": "de-CH, en" } }, { notice }).body).toContain("Um neun zurück.");
  expect(answer({ headers: { "accept-language": "fr" } }, { notice }).body).toContain("Back at nine.");
});

test("the same answer is rendered once", () => {
  const snapshot = snapshotOf({ "*": { mode: "closed" } });
  const plan = () => {
    const facts = requestFacts();
    const decision = decide(facts, snapshot, NOW);
    return decision.outcome === "block" ? planResponse(decision, facts, snapshot, NOW) : null;
  };
  expect(plan()).toBe(plan());
});

test("the spread of Retry-After is drawn again after eight answers, and in each second", () => {
  let draws = 0;
  const random = (): number => {
    draws += 1;
    return draws / 100;
  };
  const snapshot = snapshotOf({ "*": { mode: "closed", until: "2026-11-22T10:00:00Z" } }, { random });
  const facts = requestFacts();
  const answerAt = (later: number): string | undefined => {
    const decision = decide(facts, snapshot, NOW);
    if (decision.outcome !== "block") throw new Error(`expected a block, found ${JSON.stringify(decision)}`);
    const { headers } = planResponse(decision, facts, snapshot, NOW + later);
    return headers[headers.indexOf("Retry-After") + 1];
  };
  const inOneSecond = Array.from({ length: 16 }, (_, index) => answerAt(index));
  expect(inOneSecond).toEqual([...Array(8).fill("79279"), ...Array(8).fill("79358")]);
  expect(answerAt(1_000)).toBe("79436");
});

test.each(["text/html", "application/json", "text/plain"])("an answer with an end is rendered once: %s", (accept) => {
  const compiled = snapshotOf({ "*": { mode: "closed", until: "2026-11-21T14:00:00Z" } }, { random: () => 0 });
  let rendered = 0;
  const counted =
    <Result>(render: (context: PageContext) => Result) =>
    (context: PageContext) => {
      rendered += 1;
      return render(context);
    };
  const { titleOf, renderHtml, renderText } = compiled.policy.page;
  const page = {
    ...compiled.policy.page,
    titleOf: counted(titleOf),
    renderHtml: counted(renderHtml),
    renderText: counted(renderText),
  };
  const snapshot = { ...compiled, policy: { ...compiled.policy, page } };
  const facts = requestFacts({ headers: { accept } });
  const decision = decide(facts, snapshot, NOW);
  if (decision.outcome !== "block") throw new Error(`expected a block, found ${decision.outcome}`);
  const plans = [0, 60_000, 120_000].map((later) => planResponse(decision, facts, snapshot, NOW + later));
  expect(rendered).toBe(1);
  const seconds = plans.map(({ headers }) => headers[headers.indexOf("Retry-After") + 1]);
  expect(seconds).toEqual(["7200", "7140", "7080"]);
  if (accept !== "application/json") return;
  expect(plans.map(({ body }) => String(JSON.parse(body ?? "").retryAfter))).toEqual(seconds);
});
