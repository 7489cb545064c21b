// One variant in its own process: `node server.ts VARIANT`. Reports its port, and ends with its parent process.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { adapterGate } from "../../dist/adapters/adapter.js";
import { expressMaintenance } from "../../dist/adapters/express.js";
import { guard } from "../../dist/adapters/node.js";
import { createController, createGate, type Gate } from "../../dist/index.js";
import { memoryStore } from "../../dist/stores/memory.js";
import { isClosed, REQUEST_HEADERS, type Variant } from "./variants.ts";

async function createVariant(variant: Variant): Promise<Server> {
  const gate = await createReadyGate(isClosed(variant));
  switch (variant) {
    case "node":
      return createServer(sayHello);
    case "node + guard":
    case "node + guard, closed":
      return guarded(createServer(sayHello), gate);
    case "node, same bytes":
      return createServer(sayClosed(gate));
    case "express":
      return createServer(expressApp());
    case "express + guard":
    case "express + guard, closed":
      return guarded(createServer(expressApp()), gate);
    case "express + inside":
    case "express + inside, closed":
      return createServer(expressApp(gate));
  }
}

const sayHello: RequestListener = (_request, response) => {
  response.writeHead(200, ["Content-Type", "text/plain", "Content-Length", "5"]);
  response.end("hello");
};

/** The plan of the gate, computed once. */
function sayClosed(gate: Gate): RequestListener {
  const inside = adapterGate(gate);
  const facts = {
    method: "GET",
    host: "127.0.0.1",
    otherHosts: [],
    target: "/",
    address: "127.0.0.1",
    user: undefined,
    operation: undefined,
    route: undefined,
    header: (name: string) => REQUEST_HEADERS[name],
  };
  const decision = inside.decide(facts);
  if (decision.outcome !== "block") throw new Error("The gate that stands for closed is not closed.");
  const { status, headers, body } = inside.plan(decision, facts);
  return (_request, response) => {
    response.writeHead(status, [...headers]);
    response.end(body);
  };
}

function expressApp(gate?: Gate): RequestListener {
  const app = express();
  if (gate !== undefined) app.use(expressMaintenance(gate));
  app.get("/", (_request, response) => {
    response.send("hello");
  });
  return app;
}

function guarded(server: Server, gate: Gate): Server {
  guard(server, gate);
  return server;
}

async function createReadyGate(closed: boolean): Promise<Gate> {
  const options = { store: memoryStore() };
  if (closed) await createController(options).close("*");
  const gate = createGate(options);
  await gate.ready();
  return gate;
}

const server = await createVariant(process.argv[2] as Variant);
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
// Answers every message with the CPU time that it has used, which hardly depends on other processes.
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
