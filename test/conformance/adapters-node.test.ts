import { createServer } from "node:http";
import { describe, test } from "vitest";
import { guard } from "../../src/adapters/node.ts";
import { adapterConformance } from "../../src/testing/adapters/conformance.ts";
import { serve } from "../support/serve.ts";

const cases = adapterConformance({
  upgrades: true,
  async start(gate, app) {
    const server = createServer(app.listener).on("upgrade", app.upgrade);
    guard(server, gate);
    return serve(server);
  },
});

describe("in front of node:http", () => {
  for (const { name, run } of cases) test(name, run);
});
