import { createServer, type ServerResponse } from "node:http";
import express5, { type RequestHandler } from "express";
import express4 from "express-4";
import { describe, expect, onTestFinished, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { send, type WireAnswer } from "../../src/testing/adapters/client.ts";
import { testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";

const STAFF = { name: "Mia", role: "staff" };

/** Treats each response as on-headers before 1.1 does, which mistakes a flat list of headers for a list of pairs. */
const olderOnHeaders: RequestHandler = (_request, response, next) => {
  const { writeHead } = response;
  Object.assign(response, {
    writeHead(status: number, headers?: object): ServerResponse {
      if (Array.isArray(headers)) for (const [name, value] of headers) response.setHeader(name, value);
      else for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
      return Reflect.apply(writeHead, response, [status]);
    },
  });
  next();
};

/** The class that Express uses for views. */
class TestView {
  readonly path = "closed.html";
  render(_options: object, callback: (error: null, html: string) => void): void {
    callback(null, "the view");
  }
}

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("%s", (_name, express) => {
  async function ask(
    before: RequestHandler,
    options: MaintenanceOptions,
    { inFront = false, headers = {} } = {},
  ): Promise<WireAnswer> {
    const { gate, close } = await testGate(options);
    const app = express().use(before).use(expressMaintenance(gate));
    app.get("/", (_request, response) => void response.send("the app"));
    const server = createServer(app);
    if (inFront) guard(server, gate);
    const served = await serve(server);
    onTestFinished(async () => {
      await served.close();
      await gate.close();
    });
    await close();
    return send(served.url, { headers });
  }

  test("middleware that misreads a list of headers does not break an answer of a closed site", async () => {
    const respond: MaintenanceOptions["respond"] = () => ({ headers: { "Set-Cookie": "seen=1" } });
    const { status, headers, cookies } = await ask(olderOnHeaders, { retryAfter: 5, respond });
    expect([status, headers.get("retry-after"), headers.get("cache-control")]).toEqual([503, "5", "no-store"]);
    expect(headers.get("maintenance")).toMatch(/^closed;/);
    expect(cookies).toEqual(["seen=1"]);
  });

  /** Headers that describe the application's response, set by middleware that runs first. */
  const described: Readonly<Record<string, string>> = {
    "Accept-Ranges": "bytes",
    Age: "7",
    "CDN-Cache-Control": "max-age=600",
    "Content-Digest": "sha-256=:AAAA:",
    "Content-Disposition": "attachment",
    "Content-Encoding": "gzip",
    "Content-Range": "bytes 0-1/2",
    ETag: '"other"',
    Expires: "Thu, 01 Dec 2044 16:00:00 GMT",
    "Last-Modified": "Thu, 01 Dec 2016 16:00:00 GMT",
    Link: "</other.css>; rel=preload",
    Pragma: "other",
    Refresh: "0; url=/other",
    "Surrogate-Control": "max-age=600",
    Trailer: "X-Sum",
    "X-Accel-Expires": "600",
    "X-Accel-Redirect": "/other",
    "X-Sendfile": "/other",
  };
  const policies: Readonly<Record<string, string>> = {
    "Access-Control-Allow-Origin": "https://app.example",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=600",
    "X-Frame-Options": "DENY",
  };

  const ways: readonly (readonly [string, MaintenanceOptions, Parameters<typeof ask>[2]])[] = [
    ["inside", {}, {}],
    ["inside, in JSON", {}, { headers: { Accept: "application/json" } }],
    ["inside, as a view", { template: { view: "closed" } }, {}],
    ["inside, from `respond`", { respond: () => ({ body: "own", headers: { "X-Own": "yes" } }) }, {}],
    ["in front, then inside", { exempt: { users: { staff: true } } }, { inFront: true, headers: { Cookie: "x" } }],
  ];

  test.each(ways)(
    "an answer %s keeps no header of another answer, except policies and cookies",
    async (_way, options, how) => {
      const before: RequestHandler = (_request, response, next) => {
        response.app.set("view", TestView);
        for (const [name, value] of Object.entries({ ...described, ...policies })) response.setHeader(name, value);
        response.setHeader("Transfer-Encoding", "chunked").setHeader("Retry-After", "1").setHeader("X-Request-Id", "7");
        response.cookie("sid", "1").status(206).statusMessage = "Other";
        next();
      };
      const { status, headers, cookies, body } = await ask(before, { retryAfter: 5, refresh: 0, ...options }, how);
      expect([status, headers.get("retry-after"), headers.get("cache-control")]).toEqual([503, "5", "no-store"]);
      if (options.template !== undefined) expect(body).toBe("the view");
      expect(headers.get("content-length")).toBe(String(Buffer.byteLength(body)));
      expect(
        [...Object.keys(described), "Transfer-Encoding"].filter((name) => headers.has(name.toLowerCase())),
      ).toEqual([]);
      expect(Object.keys(policies).filter((name) => !headers.has(name.toLowerCase()))).toEqual([]);
      expect([headers.get("x-request-id"), cookies]).toEqual(["7", ["sid=1; Path=/"]]);
    },
  );

  test("after a withheld answer only its policies are left", async () => {
    const before: RequestHandler = (_request, response) => {
      response.set({ ...described, ...policies, "X-Request-Id": "7", Location: "/elsewhere" });
      response.cookie("sid", "1").status(302).send("the answer");
    };
    const how = { inFront: true, headers: { Cookie: "x" } };
    const three: RequestHandler = (request, response, next) => before(request, response, next);
    const { status, headers, cookies } = await ask(three, { exempt: { users: { staff: true } } }, how);
    expect([status, cookies, headers.has("location"), headers.has("x-request-id")]).toEqual([503, [], false, false]);
    expect(Object.keys(described).filter((name) => headers.has(name.toLowerCase()))).toEqual([]);
    expect(Object.keys(policies).filter((name) => !headers.has(name.toLowerCase()))).toEqual([]);
  });

  const places: readonly (readonly [string, (request: object, locals: object) => void])[] = [
    ["request.user", (request) => Object.assign(request, { user: STAFF })],
    ["request.session.user", (request) => Object.assign(request, { session: { user: STAFF } })],
    ["response.locals.session.user", (_, locals) => Object.assign(locals, { session: { user: STAFF } })],
    ["response.locals.user", (_, locals) => Object.assign(locals, { user: STAFF, session: { id: "a" } })],
  ];

  test.each(places)("finds the user of %s, without getUser", async (_place, signIn) => {
    const signInWithCookie: RequestHandler = (request, response, next) => {
      if (request.headers.cookie !== undefined) signIn(request, response.locals);
      next();
    };
    const headers = { Cookie: "sid=1" };
    for (const inFront of [false, true]) {
      const options = { exempt: { users: { staff: true } } };
      expect((await ask(signInWithCookie, options, { inFront, headers })).body).toBe("the app");
      expect((await ask(signInWithCookie, options, { inFront })).status).toBe(503);
    }
  });
});

test("works in servers that accept Express's middleware, such as connect", async () => {
  const { gate, close } = await testGate({ exempt: { paths: ["/health"] } });
  const middleware = expressMaintenance(gate);
  const server = createServer((request, response) => {
    middleware(Object.assign(request, { originalUrl: request.url ?? "" }), response, () => response.end("the app"));
  });
  const served = await serve(server);
  expect((await send(served.url)).body).toBe("the app");
  await close();
  expect((await send(served.url)).status).toBe(503);
  expect((await send(served.url, { path: "/health" })).body).toBe("the app");
  await served.close();
  await gate.close();
});
