// One server process. Its parent sends a `ServerSpec`; it answers with its ports, and ends with its parent.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { expressMaintenance } from "../../dist/adapters/express.js";
import { guard } from "../../dist/adapters/node.js";
import { createReadyGate } from "./gate-with-rules.ts";
import { sayByExpress, sayByNode } from "./same-bytes.ts";
import type { ServerSpec } from "./server-spec.ts";

type GateSpec = Extract<ServerSpec, { readonly app: "gate" }>;

async function createServers(spec: ServerSpec): Promise<readonly Server[]> {
  if (spec.app === "gate") return [await createGuarded(spec)];
  if (spec.app === "same bytes") return spec.answers.map(spec.by === "node" ? sayByNode : sayByExpress).map(serve);
  const { appWithPeer } = await import("./peers.ts");
  return [serve(appWithPeer(spec.peer, spec.closedBy))];
}

async function createGuarded({ by, gate: place, closedWith }: GateSpec): Promise<Server> {
  const server = await createApp(by, place === "inside" ? closedWith : undefined);
  if (place === "in front") guard(server, await createReadyGate(closedWith));
  return server;
}

/** Returns an application that says hello. `inside`: with a gate in it that is closed in this way. */
async function createApp(by: GateSpec["by"], inside: GateSpec["closedWith"] | undefined): Promise<Server> {
  switch (by) {
    case "node":
      return serve(sayHello);
    case "express": {
      const app = express().disable("etag");
      if (inside !== undefined) app.use(expressMaintenance(await createReadyGate(inside)));
      app.get("/", (_request, response) => {
        response.send("hello");
      });
      return serve(app);
    }
    case "fastify": {
      const { fastify } = await import("fastify");
      const app = fastify();
      app.get("/", async () => "hello");
      await app.ready();
      return app.server;
    }
    case "koa": {
      const { default: Koa } = await import("koa");
      const app = new Koa();
      app.use((context) => {
        context.body = "hello";
      });
      return serve(app.callback());
    }
  }
}

const serve = (listener: RequestListener): Server => createServer(listener);

const sayHello: RequestListener = (_request, response) => {
  response.writeHead(200, ["Content-Type", "text/plain", "Content-Length", "5"]);
  response.end("hello");
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

process.once("message", async (spec: ServerSpec) => {
  const servers = await createServers(spec);
  process.send?.(await Promise.all(servers.map(listen)));
});
process.on("disconnect", () => process.exit());
process.on("SIGTERM", () => process.exit());
