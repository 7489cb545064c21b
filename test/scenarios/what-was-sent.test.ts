import { createServer, Server } from "node:http";
import express5 from "express";
import express4 from "express-4";
import { describe, expect, test } from "vitest";
import { expressMaintenance, maintenanceOff } from "../../src/adapters/express.ts";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { textsFor } from "../../src/engine/page/languages.ts";
import { send } from "../../src/testing/adapters/client.ts";
import { testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";
import { inEachPlace, serveApp } from "./acceptance/served-app.ts";

const { notTaken, checkFirst, returns } = textsFor("en");
const ACCEPT = { Accept: "text/html" };

inEachPlace("the answer to a sent form, %s", (place) => {
  /** Inside Express, other middleware may already have processed the request. */
  const said = place === "inside Express 5" ? checkFirst : notTaken;

  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s says what happened to the data, and never reloads",
    async (method) => {
      const { execute, ask, reached } = await serveApp(place, { refresh: 60 });
      await execute({ type: "close", refresh: 30 });
      const { status, headers, body } = await ask({ method, path: "/submit", headers: ACCEPT });
      expect([status, headers.get("refresh")]).toEqual([503, undefined]);
      expect(body).toContain(said);
      for (const absent of ["http-equiv", returns, 'href=""']) expect(body).not.toContain(absent);
      expect(reached).toEqual([]);
    },
  );

  test("applies only to sent data: for GET and HEAD the page reloads as configured", async () => {
    const { execute, ask } = await serveApp(place, { refresh: 60 });
    await execute({ type: "close" });
    const { headers, body } = await ask({ headers: ACCEPT });
    expect(headers.get("refresh")).toBe("60");
    expect(body).toContain(returns);
    expect(body).not.toContain(said);
    expect((await ask({ method: "HEAD", headers: ACCEPT })).headers.get("refresh")).toBe("60");
    const again = await ask({ method: "POST", headers: ACCEPT });
    expect(again.headers.get("refresh")).toBeUndefined();
  });

  test("is the same on a read-only site, in plain text and in a template", async () => {
    const template = ({ sent }: { readonly sent: string | null }) => `<p>${sent}</p>`;
    const { execute, ask } = await serveApp(place, { template, refresh: 60 });
    await execute({ type: "close", mode: "read-only" });
    const { headers, body } = await ask({ method: "POST", headers: ACCEPT });
    expect([headers.get("refresh"), body]).toEqual([
      undefined,
      said === notTaken ? "<p>not-taken</p>" : "<p>check-first</p>",
    ]);
    expect((await ask({ method: "POST", headers: { Accept: "text/plain" } })).body).toContain(said);
  });
});

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("inside %s", (_name, express) => {
  const pass: express5.RequestHandler = (_request, _response, next) => next();

  async function answerTo(build: (app: express5.Express, middleware: express5.RequestHandler) => unknown) {
    const { gate, close } = await testGate();
    await close();
    const app = express();
    const server = build(app, expressMaintenance(gate));
    const it = await serve(server instanceof Server ? server : createServer(app));
    const { body } = await send(it.url, { method: "POST", path: "/submit", headers: ACCEPT });
    await it.close();
    return [notTaken, checkFirst].filter((text) => body.includes(text));
  }

  test("says that the data was not saved if the middleware is the first of the server's only app", async () => {
    expect(await answerTo((app, middleware) => app.use(middleware).use(express.json()))).toEqual([notTaken]);
  });

  test("says to check first if other code may have run before", async () => {
    expect(await answerTo((app, middleware) => app.use(express.json(), middleware))).toEqual([checkFirst]);
    expect(await answerTo((app, middleware) => app.use("/", pass).use(middleware))).toEqual([checkFirst]);
    expect(await answerTo((app, middleware) => app.use(express().use(middleware)))).toEqual([checkFirst]);
    expect(await answerTo((app, middleware) => app.use(middleware, maintenanceOff(pass)))).toEqual([checkFirst]);
    expect(
      await answerTo((app, middleware) => {
        app.use(middleware);
        return createServer((request, response) => void app(request, response));
      }),
    ).toEqual([checkFirst]);
    expect(
      await answerTo((app, middleware) => {
        app.use(middleware);
        return createServer(app).on("request", () => {});
      }),
    ).toEqual([checkFirst]);
  });
});

test("in front of a fetch handler, the page says that the data was not saved", async () => {
  const { gate, close } = await testGate();
  await close();
  const handler = fetchMaintenance(gate, () => new Response("the app"));
  const answer = await handler(new Request("http://shop.example/submit", { method: "POST", headers: ACCEPT }));
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain(notTaken);
});
