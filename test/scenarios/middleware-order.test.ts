import { createServer } from "node:http";
import express from "express";
import { expect, test } from "vitest";
import { expressAdmin, expressMaintenance } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import { createAdmin } from "../../src/admin/admin.ts";
import { createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { RIGHTS } from "../../src/state/access-token.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { serve } from "../support/serve.ts";
import { runBin } from "./cli-project.ts";

test("doctor reports middleware that is mounted after the routes, once a request has shown it", async () => {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const options = { store: memoryStore(), exempt: { users: { staff: true } }, logger };
  const [gate, controller] = [createGate(options), createController(options)];
  const admin = createAdmin({ gate, controller });
  let transfers = 0;
  const app = express().use(expressAdmin(admin));
  app.post("/transfer", (_request, response) => {
    transfers += 1;
    response.send("done");
  });
  app.use(expressMaintenance(gate));
  const server = createServer(app);
  guard(server, gate);
  const { token } = await controller.tokens.create({
    name: "ops",
    may: RIGHTS,
    by: { kind: "program", label: "test" },
  });
  await controller.execute({ type: "close" }, { kind: "program", label: "test" });
  await gate.ready();
  const served = await serve(server);
  const doctor = async () =>
    (await runBin("/", { MAINTENANCE_TOKEN: token }, ["doctor", "--url", `${served.url}/maintenance/`])).stdout;
  try {
    expect(await doctor()).not.toContain("middleware");
    const sent = await fetch(`${served.url}/transfer`, { method: "POST", headers: { cookie: "session=x" } });
    expect([sent.status, transfers]).toEqual([503, 0]);
    expect(await doctor()).toContain(
      "! warn   middleware: POST /transfer ended before the maintenance middleware saw it: exempt users are refused there",
    );
  } finally {
    admin.close();
    await served.close();
    await gate.close();
    await controller.dispose();
  }
});
