// One server process. Its parent sends a `ServerSpec`; it answers with its ports, and ends with its parent.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { expressMaintenance } from "../../dist/adapters/express.js";
import { guard } from "../../dist/adapters/node.js";
import type { Gate } from "../../dist/index.js";
import type { Answer } from "./answer.ts";
import { createReadyGate } from "./rules.ts";
import type { ServerSpec } from "./server-spec.ts";

async function createServers(spec: ServerSpec): Promise<readonly Server[]> {
  if (spec.app === "same bytes") {
    return spec.answers.map((answer) => createServer(spec.by === "node" ? sayByNode(answer) : sayByExpress(answer)));
  }
  const gate = spec.gate === "none" ? null : await createReadyGate(spec.closedWith);
  const inside = spec.gate === "inside" ? gate : null;
  const server = createServer(spec.app === "node" ? sayHello : helloByExpress(inside));
  if (gate !== null && inside === null) guard(server, gate);
  return [server];
}

const sayHello: RequestListener = (_request, response) => {
  response.writeHead(200, ["Content-Type", "text/plain", "Content-Length", "5"]);
  response.end("hello");
};

/** The fastest way that node:http has: a flat list of headers that is never copied, and a body in the same write. */
function sayByNode({ status, headers, body }: Answer): RequestListener {
  return (_request, response) => {
    response.writeHead(status, headers as string[]);
    response.end(body);
  };
}

function sayByExpress({ status, headers, body }: Answer): RequestListener {
  const app = express();
  return app;
}

function helloByExpress(gate: Gate | null): RequestListener {
  const app = express();
  if (gate !== null) app.use(expressMaintenance(gate));
  app.get("/", (_request, response) => {
    response.send("hello");
  });
  return app;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

process.once("message", async (spec: ServerSpec) => {
  const servers = await createServers(spec);
  process.send?.(await Promise.all(servers.map(listen)));
});
process.on("disconnect", () => process.exit());
