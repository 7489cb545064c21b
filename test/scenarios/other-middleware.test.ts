import { createServer, type ServerResponse } from "node:http";
import express5, { type RequestHandler } from "express";
import express4 from "express-4";
import { describe, expect, onTestFinished, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { send, type WireAnswer } from "../../src/testing/adapter-client.ts";
import { testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";

const STAFF = { name: "Mia", role: "staff" };

/** What on-headers before 1.1 does to each answer: it takes a list of headers for one of pairs. */
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

  test("middleware that misreads a list of headers spoils no answer of a closed site", async () => {
    const respond: MaintenanceOptions["respond"] = () => ({ headers: { "Set-Cookie": "seen=1" } });
    const { status, headers, cookies } = await ask(olderOnHeaders, { retryAfter: 5, respond });
    expect([status, headers.get("retry-after"), headers.get("cache-control")]).toEqual([503, "5", "no-store"]);
    expect(headers.get("maintenance")).toMatch(/^closed;/);
    expect(cookies).toEqual(["seen=1"]);
  });

  const places: readonly (readonly [string, (request: object, locals: object) => void])[] = [
    ["request.user", (request) => Object.assign(request, { user: STAFF })],
    ["request.session.user", (request) => Object.assign(request, { session: { user: STAFF } })],
    ["response.locals.session.user", (_, locals) => Object.assign(locals, { session: { user: STAFF } })],
    ["response.locals.user", (_, locals) => Object.assign(locals, { user: STAFF, session: { id: "a" } })],
  ];

  test.each(places)("knows the user whom %s names, without getUser", async (_place, signIn) => {
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

test("servers that take Express's middleware without being Express, such as connect, are closed too", async () => {
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
