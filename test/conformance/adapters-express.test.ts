import { createServer } from "node:http";
import express5 from "express";
import express4 from "express-4";
import { describe, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import { adapterConformance } from "../../src/testing/adapter-conformance.ts";
import { serve } from "../support/serve.ts";

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("inside %s", (_name, express) => {
  const cases = adapterConformance({
    start: (gate, app) => serve(createServer(express().use(expressMaintenance(gate)).use(app.listener))),
  });
  for (const { name, run } of cases) test(name, run);
});

describe("in front of Express 5 and inside it, with one gate", () => {
  const cases = adapterConformance({
    upgrades: true,
    async start(gate, app) {
      const server = createServer(express5().use(expressMaintenance(gate)).use(app.listener));
      guard(server.on("upgrade", app.upgrade), gate);
      return serve(server);
    },
  });
  for (const { name, run } of cases) test(name, run);
});
