import { createServer } from "node:http";
import express5, { type Express } from "express";
import express4 from "express-4";
import { describe, test } from "vitest";
import { expressMaintenance, maintenanceOff, maintenanceOn } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import type { Gate } from "../../src/gate.ts";
import type { AppUnderTest } from "../../src/testing/adapters/app.ts";
import { adapterConformance } from "../../src/testing/adapters/conformance.ts";
import { serve } from "../support/serve.ts";

function mount(express: Express, gate: Gate, { listener, middleware }: AppUnderTest): Express {
  return express
    .use((request, response, next) => {
      middleware(request, response);
      next();
    })
    .use(expressMaintenance(gate))
    .all("/forced-open", maintenanceOff(listener))
    .all("/forced-closed", maintenanceOn(listener))
    .use(listener);
}

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("inside %s", (_name, express) => {
  const cases = adapterConformance({
    middleware: true,
    routes: true,
    start: (gate, app) => serve(createServer(mount(express(), gate, app))),
  });
  for (const { name, run } of cases) test(name, run);
});

describe("in front of Express 5 and inside it, with one gate", () => {
  const cases = adapterConformance({
    upgrades: true,
    routes: true,
    async start(gate, app) {
      const server = createServer(mount(express5(), gate, app));
      guard(server.on("upgrade", app.upgrade), gate);
      return serve(server);
    },
  });
  for (const { name, run } of cases) test(name, run);
});
