import { describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { planResponse } from "../../../src/engine/answer/plan-response.ts";
import { placeholderTemplate } from "../../../src/engine/answer/template.ts";
import { decide } from "../../../src/engine/decide/decide.ts";
import { NO_NOTICE } from "../../../src/state/site-record.ts";
import { requestFacts, type TestRequest } from "../../support/request-facts.ts";
import { NOW, snapshotOf } from "../../support/snapshot.ts";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | null;
  readonly log: readonly string[];
}

/** Returns the answer to a blocked request while the closure's message contains markup. */
function answer(options: MaintenanceOptions, request: TestRequest = {}): Answer {
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const logger = { debug: note, info: note, warn: note, error: note };
  const record = { mode: "closed", notice: { ...NO_NOTICE, message: "Back <b>soon</b>" } } as const;
  const snapshot = snapshotOf({ "*": record }, { logger, ...options });
  const facts = requestFacts(request);
  const decision = decide(facts, snapshot, NOW);
  if (decision.outcome !== "block") throw new Error(`expected a block, found ${JSON.stringify(decision)}`);
  const { status, headers, body } = planResponse(decision, facts, snapshot, NOW);
  const pairs = Array.from({ length: headers.length / 2 }, (_, index): [string, string] => [
    headers[index * 2] ?? "",
    headers[index * 2 + 1] ?? "",
  ]);
  return { status, headers: new Headers(pairs), body, log };
}

describe("a template with the markup of a template engine is refused with the lines", () => {
  test.each([
    ["{% extends 'base.html' %}", "line 1: {% extends 'base.html' %}"],
    ["<p>\n{{ request.path }}", "line 2: {{ request.path }}"],
    ["{{ message|safe }}", "line 1: {{ message|safe }}"],
    ["{{{message}}}", "line 1: {{{message}}}"],
    ["{{#if until}}", "line 1: {{#if until}}"],
    ["{{}}", "line 1: {{}}"],
    ["a\n\n{# note #}", "line 3: {# note #}"],
    ["<%= message %>", "line 1: <%= message %>"],
    ["{{ title", "line 1: {{ title"],
    ["{% if a %}\n{{ b.c }}", "line 1: {% if a %}; line 2: {{ b.c }}"],
  ])("%j", (text, place) => {
    expect(() => placeholderTemplate(text)).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_OPTION", message: expect.stringContaining(`(${place})`) }),
    );
  });

  test("CSS and scripts are accepted", () => {
    const text = "<style>@media print{a{color:red}}</style><script>if(a<b){x={y:{z:1}}}</script>{{title}}";
    expect(() => placeholderTemplate(text)).not.toThrow();
  });
});

describe("a template of the application", () => {
  test("gets the texts for the visitor, and the values that the application adds", () => {
    const template = ({ title, message, owner }: Readonly<Record<string, unknown>>) => `${title}|${message}|${owner}`;
    const { body, headers } = answer(
      { template, context: () => ({ owner: "Mia", title: "not this" }) },
      { headers: { "accept-language": "de" } },
    );
    expect(body).toMatch(/^.+\|Back <b>soon<\/b>\|Mia$/);
    expect(body).not.toContain("not this");
    expect(headers.get("content-security-policy")).toBeNull();
    expect(headers.get("content-language")).toBe("de");
  });

  test("can return its own policy", () => {
    const template = () => ({ body: "x", contentSecurityPolicy: "default-src 'self'" });
    expect(answer({ template }).headers.get("content-security-policy")).toBe("default-src 'self'");
  });

  test("is sent to browsers; programs get what they can read", () => {
    const { headers } = answer({ template: () => "mine" }, { headers: { accept: "application/json" } });
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(headers.get("retry-after")).toBe("3600");
  });

  test.each<[string, MaintenanceOptions]>([
    [
      "throws",
      {
        template: () => {
          throw new Error("no such partial");
        },
      },
    ],
    ["gives nothing", { template: (() => undefined) as unknown as () => string }],
    [
      "has a context that throws",
      {
        template: () => "mine",
        context: () => {
          throw new Error("no database");
        },
      },
    ],
    ["names a placeholder without a value", { template: placeholderTemplate("{{mesage}}") }],
    ["gives a promise", { template: (async () => "mine") as unknown as () => string }],
    [
      "has a context that gives a promise",
      {
        template: () => "mine",
        context: (() => Promise.reject(new Error("no database"))) as unknown as () => Record<string, unknown>,
      },
    ],
  ])("is replaced by the built-in page and reported if it %s", (_name, options) => {
    const { status, body, log } = answer(options);
    expect([status, log.length]).toEqual([503, 1]);
    expect(body).toContain("Back &lt;b&gt;soon&lt;/b&gt;");
  });

  test("gets its placeholders escaped if it is a text", () => {
    const template = placeholderTemplate("<h1>{{ title }}</h1><p>{{message}} {{untilText}}</p>");
    expect(answer({ template }).body).toMatch(/<p>Back &lt;b&gt;soon&lt;\/b&gt; <\/p>$/);
  });
});

describe("an answer of the application", () => {
  test("replaces the members that it has and keeps the others", () => {
    const { status, headers, body } = answer({
      respond: () => ({ status: 500, headers: { "X-Mine": "1", "Content-Type": "text/x-mine" }, body: "größe" }),
    });
    expect([status, body, headers.get("content-length")]).toEqual([500, "größe", "7"]);
    expect(headers.get("content-type")).toBe("text/x-mine");
    expect(headers.get("retry-after")).toBe("3600");
  });

  test("cannot make itself cacheable, nor say that nothing is closed", () => {
    const { headers } = answer({
      respond: () => ({ headers: { "Cache-Control": "public", Maintenance: "open" }, body: "x" }),
    });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("maintenance")).toContain("closed");
  });

  test.each([
    ["the older form", "Sunday, 01-Jan-40 00:00:00 GMT", NOW + 86_400_000],
    ["the form of asctime, which has no zone", "Sun Jan  1 00:00:00 2040", NOW + 86_400_000],
    ["a past date", "Sun, 06 Nov 1994 08:49:37 GMT", Date.UTC(1994, 10, 6, 8, 49, 37)],
  ])("cannot make a client wait over a day with a date in %s", (_form, value, expected) => {
    const { headers } = answer({ respond: () => ({ headers: { "Retry-After": value } }) });
    expect(Date.parse(headers.get("retry-after") ?? "")).toBe(expected);
  });

  test("has no body for HEAD, and the length of the body for GET", () => {
    const { body, headers } = answer({ respond: () => ({ body: "1234" }) }, { method: "HEAD" });
    expect([body, headers.get("content-length")]).toEqual([null, "4"]);
  });

  test.each<[string, () => object | undefined, boolean]>([
    ["declines", () => undefined, false],
    [
      "throws",
      () => {
        throw new Error("mine");
      },
      true,
    ],
    ["says that all is well", () => ({ status: 200 }), true],
    ["gives a promise, which fails besides", () => Promise.reject(new Error("mine")), true],
    ["has a header that cannot be sent", () => ({ headers: { "X-Mine": "a\r\nb" } }), true],
  ])("is replaced by the usual one if it %s", (_name, respond, reported) => {
    const { status, body, log } = answer({ respond });
    expect([status, log.length > 0]).toEqual([503, reported]);
    expect(body).toContain("<!doctype html>");
  });
});

describe("the type of an answer", () => {
  test("can depend on the request", () => {
    const responseType = ({ target }: { target: string }) =>
      target.startsWith("/rpc") ? ("json" as const) : undefined;
    expect(answer({ responseType }, { target: "/rpc/x" }).headers.get("content-type")).toBe("application/problem+json");
    expect(answer({ responseType }).headers.get("content-type")).toContain("text/html");
  });

  test("follows Accept if the function fails or returns another value", () => {
    const wrong = answer({ responseType: (() => "xml") as unknown as () => "html" });
    const late = answer({ responseType: (() => Promise.reject(new Error("mine"))) as unknown as () => "html" });
    const failing = answer({
      responseType: () => {
        throw new Error("mine");
      },
    });
    for (const { status, log, headers } of [wrong, late, failing]) {
      expect([status, log.length, headers.get("content-type")]).toEqual([503, 1, "text/html; charset=utf-8"]);
    }
  });
});

describe("another origin", () => {
  const options: MaintenanceOptions = { cors: { origins: ["https://app.example"], credentials: true } };
  const from = (origin: string, more: Readonly<Record<string, string>> = {}): TestRequest => ({
    headers: { origin, ...more },
  });
  const preflight = { "access-control-request-method": "PUT", "access-control-request-headers": "x-mine" };

  test("can read the 503 and its headers if it is allowed", () => {
    const { status, headers } = answer(options, from("https://app.example"));
    expect(status).toBe(503);
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(headers.get("access-control-allow-credentials")).toBe("true");
    expect(headers.get("access-control-expose-headers")).toBe("Retry-After, Maintenance");
    expect(headers.get("vary")).toBe("Accept, Accept-Language, Origin");
  });

  test("gets an uncached answer to its preflight", () => {
    const { status, headers, body } = answer(options, { ...from("https://app.example", preflight), method: "OPTIONS" });
    expect([status, body]).toEqual([204, null]);
    expect(headers.get("access-control-max-age")).toBe("0");
    expect(headers.get("access-control-allow-methods")).toBe("PUT");
    expect(headers.get("access-control-allow-headers")).toBe("x-mine");
  });

  test("gets no such header if it is not allowed", () => {
    for (const origin of ["https://evil.example", "null", "https://app.example.evil.example"]) {
      const { status, headers } = answer(options, { ...from(origin, preflight), method: "OPTIONS" });
      expect([status, headers.get("access-control-allow-origin")]).toEqual([503, null]);
    }
  });

  test("can be any origin, without credentials", () => {
    const { headers } = answer({ cors: { origins: "*" } }, from("https://any.example"));
    expect([headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials")]).toEqual([
      "*",
      null,
    ]);
  });
});
