import { createServer } from "node:http";
import express from "express";
import express4 from "express-4";
import { afterEach, describe, expect, test } from "vitest";
import { expressMaintenance } from "../../../src/adapters/express.ts";
import { send } from "../../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../../src/testing/adapters/conformance.ts";
import { breakPlans, testGate } from "../../support/closed-gate.ts";
import { serve } from "../../support/serve.ts";

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

async function listen(app: express.Express): Promise<string> {
  const it = await serve(createServer(app));
  served.push(it);
  return it.url;
}

describe.each([
  ["Express 4", express4],
  ["Express 5", express],
])("expressMaintenance in %s", (_name, create) => {
  test("reads the whole path if it is mounted below one", async () => {
    const { gate, close } = await testGate({ exempt: { paths: ["/shop/health"] } });
    await close();
    const url = await listen(
      create()
        .use("/shop", expressMaintenance(gate))
        .use((_request, response) => void response.send("app")),
    );
    const paths = ["/shop/health", "/shop/cart", "/elsewhere"];
    const statuses = await Promise.all(paths.map(async (path) => (await send(url, { path })).status));
    expect(statuses).toEqual([200, 503, 200]);
  });

  test.each([
    ["undefined", undefined, 200],
    ["null", null, 200],
    ["false", false, 503],
    ["a user", { name: "Mia" }, 503],
  ])("decides with a getUser that returns %s", async (_what, found, status) => {
    const { gate, close } = await testGate({ exempt: { users: { staff: true } }, getUser: () => found });
    await close();
    const url = await listen(
      create()
        .use((request, _response, next) => void next(Object.assign(request, { user: { staff: true } }) && undefined))
        .use(expressMaintenance(gate))
        .use((_request, response) => void response.send("app")),
    );
    expect((await send(url)).status).toBe(status);
  });

  test("describes the request's own site to templates", async () => {
    const { gate, close } = await testGate({ sites: { shop: { hosts: ["shop.example"] } }, exempt: { paths: ["/*"] } });
    const url = await listen(
      create()
        .use(expressMaintenance(gate))
        // Sends only own properties, because Handlebars and Liquid read no others.
        .use((_request, response) => void response.json(response.locals.maintenance)),
    );
    const ask = async (Host: string) => JSON.parse((await send(url, { headers: { Host } })).body);
    expect(await ask("shop.example")).toEqual({ site: "shop", mode: "open", isClosed: false });
    await close({ sites: ["shop"] });
    expect(await ask("shop.example:80")).toEqual({ site: "shop", mode: "closed", isClosed: true });
    expect(await ask("other.example")).toEqual({ site: "*", mode: "open", isClosed: false });
    await close({ mode: "read-only" });
    expect(await ask("other.example")).toEqual({ site: "*", mode: "read-only", isClosed: false });
  });

  test("describes the requested path to templates, not the rest of the site", async () => {
    const { gate, close } = await testGate({ sites: { shop: { hosts: ["shop.example"] } }, exempt: { paths: ["/*"] } });
    await close({ sites: ["shop"], paths: ["/checkout/*"] });
    const shop = express.Router().use((_request, response) => void response.json(response.locals.maintenance));
    const url = await listen(create().use(expressMaintenance(gate)).use("/checkout", shop).use(shop));
    const ask = async (path: string) => JSON.parse((await send(url, { path, headers: { Host: "shop.example" } })).body);
    expect(await ask("/")).toEqual({ site: "shop", mode: "open", isClosed: false });
    expect(await ask("/?next=/checkout/pay")).toEqual({ site: "shop", mode: "open", isClosed: false });
    expect(await ask("/checkout/pay?step=2")).toEqual({ site: "shop", mode: "closed", isClosed: true });
    expect(gate.isClosed("shop")).toBe(true);
  });

  test("leaves an error of the app to the app's error handler, and marks the answer if the request passed a closed site", async () => {
    const { gate, close } = await testGate({ exempt: { paths: ["/*"] } });
    await close();
    const app = create()
      .use(expressMaintenance(gate))
      .use(() => {
        throw new Error("broken");
      });
    app.use(((error, _request, response, _next) => {
      response.status(500).send(`handled: ${error.message}`);
    }) satisfies express.ErrorRequestHandler);
    const answer = await send(await listen(app));
    expect([answer.status, answer.body]).toEqual([500, "handled: broken"]);
    expect(answer.headers.get("maintenance")).toBe("bypass;rule=path");
  });

  test("reads the user that session middleware before it has set, by default from request.user", async () => {
    const { gate, close } = await testGate({ exempt: { users: { staff: true } } });
    await close();
    const url = await listen(
      create()
        .use((request, _response, next) => {
          Reflect.set(request, "user", { isStaff: request.headers["x-staff"] === "yes" });
          next();
        })
        .use(expressMaintenance(gate))
        .use((_request, response) => void response.send("app")),
    );
    expect((await send(url, { headers: { "X-Staff": "yes" } })).status).toBe(200);
    expect((await send(url)).status).toBe(503);
  });

  test("treats the user as anonymous if the session middleware comes after it", async () => {
    const { gate, close } = await testGate({ exempt: { users: { staff: true } } });
    await close();
    const url = await listen(create().use(expressMaintenance(gate)));
    expect((await send(url, { headers: { Cookie: "staff=yes" } })).status).toBe(503);
  });

  test("replaces headers of the same name that earlier middleware has set, and keeps the others", async () => {
    const { gate, close } = await testGate();
    await close();
    const url = await listen(
      create()
        .use((_request, response, next) => {
          response.set({ "Cache-Control": "public", "Access-Control-Allow-Origin": "*" });
          next();
        })
        .use(expressMaintenance(gate)),
    );
    const { headers } = await send(url);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  test("passes on the error of an answer that cannot be planned, without hanging or letting the request in", async () => {
    const { gate, close } = await testGate();
    await close();
    breakPlans(gate);
    const app = create().use(expressMaintenance(gate));
    app.use(((error, _request, response, _next) => {
      response.status(500).send(error.message);
    }) satisfies express.ErrorRequestHandler);
    const answer = await send(await listen(app));
    expect([answer.status, answer.body]).toEqual([500, "no plan"]);
  });
});

test("expressMaintenance refuses options instead of a gate", () => {
  // @ts-expect-error JavaScript callers are not type-checked.
  expect(() => expressMaintenance({ exempt: {} })).toThrow("expressMaintenance: an object is not a gate.");
});
