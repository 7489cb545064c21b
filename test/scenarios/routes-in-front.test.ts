import { createServer } from "node:http";
import express5 from "express";
import express4 from "express-4";
import { afterEach, describe, expect, test } from "vitest";
import { expressMaintenance, maintenanceOff, maintenanceOn } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import { send } from "../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";
import { testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("a guard before %s with routes that are forced open", (_name, express) => {
  async function guarded(late = false) {
    const test = await testGate();
    const seen: string[] = [];
    const app = express();
    app.use((request, _response, next) => {
      seen.push(request.url);
      next();
    });
    app.use("/early", (_request, response) => void response.send("early"));
    if (!late) app.use(expressMaintenance(test.gate));
    app.get(
      "/status",
      maintenanceOff((_request, response) => void response.send("status")),
    );
    app.get(
      "/closed",
      maintenanceOn((_request, response) => void response.send("never")),
    );
    app.use(
      "/early",
      maintenanceOff((_request, response) => void response.send("never")),
    );
    app.get("/account", (_request, response) => void response.send("account"));
    if (late) app.use(expressMaintenance(test.gate));
    const server = createServer(app);
    guard(server, test.gate);
    const it = await serve(server);
    served.push(it);
    const statuses = async (...paths: readonly string[]): Promise<readonly number[]> => {
      const found: number[] = [];
      for (const path of paths) found.push((await send(it.url, { path })).status);
      return found;
    };
    return { ...test, seen, statuses };
  }

  test("passes them on, and answers the rest itself, from the first request on", async () => {
    const { seen, statuses, close } = await guarded();
    await close();
    expect(await statuses("/account", "/status", "/closed", "/nowhere")).toEqual([503, 200, 503, 503]);
    expect(seen).toEqual(["/status"]);
  });

  test("knows the app before the site closes, and opens what is mounted later", async () => {
    const { seen, statuses, close } = await guarded();
    expect(await statuses("/status", "/closed")).toEqual([200, 503]);
    await close();
    expect(await statuses("/account", "/status")).toEqual([503, 200]);
    expect(seen).toEqual(["/status", "/closed", "/status"]);
  });

  test("opens only them if the middleware is mounted too late", async () => {
    const { seen, statuses, close } = await guarded(true);
    await close();
    expect(await statuses("/account", "/status", "/early")).toEqual([503, 200, 503]);
    expect(seen).toEqual(["/status"]);
  });

  test("sends no answer of earlier middleware on the path of an open route", async () => {
    const { statuses, close } = await guarded();
    expect(await statuses("/status", "/early")).toEqual([200, 200]);
    await close();
    expect(await statuses("/early", "/status")).toEqual([503, 200]);
  });

  test("keeps them closed if a listener wraps the app, and logs it once", async () => {
    const { gate, close, warnings } = await testGate();
    await close();
    const app = express().use(expressMaintenance(gate));
    app.get(
      "/status",
      maintenanceOff((_request, response) => void response.send("status")),
    );
    const server = createServer((request, response) => app(request, response));
    const remove = guard(server, gate);
    const it = await serve(server);
    served.push(it);
    for (let i = 0; i < 2; i += 1) expect((await send(it.url, { path: "/status" })).status).toBe(503);
    expect(warnings).toEqual([
      expect.stringMatching(/^GET \/status was decided before the application.*guard\(server, gate, \{ app \}\)/),
    ]);
    remove();
    guard(server, gate, { app });
    expect((await send(it.url, { path: "/status" })).body).toBe("status");
  });

  test("counts each request once", async () => {
    const { gate, statuses, close } = await guarded();
    await close();
    await statuses("/account", "/account", "/status", "/status");
    expect(gate.counters().blocked).toEqual([{ site: "*", reason: "mode", count: 2 }]);
    expect(gate.counters().bypassed).toEqual([]);
  });
});
