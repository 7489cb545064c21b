import type { AddressInfo } from "node:net";
import express from "express";
import { createController, createGate, defineConfig } from "maintenance-mode";
import type { Decision } from "maintenance-mode/adapter";
import { expressMaintenance } from "maintenance-mode/express";
import { guard } from "maintenance-mode/node";
import { memoryStore } from "maintenance-mode/stores/memory";

const config = defineConfig({ store: memoryStore(), sites: { shop: { hosts: ["localhost", "127.0.0.1"] } } });
const gate = createGate(config);
const controller = createController(config, { by: "consumer" });

const app = express();
app.use(expressMaintenance(gate));
app.get("/", (_request, response) => {
  const { isClosed, site }: { readonly isClosed: boolean; readonly site: string } = response.locals.maintenance;
  // @ts-expect-error: the values for views are typed, and this name is misspelt.
  response.send(isClosed || response.locals.maintenance.isCloesd ? "closed" : site);
});

const server = app.listen(0, "127.0.0.1");
guard(server, gate);
await new Promise((resolve) => server.once("listening", resolve));
const { port } = server.address() as AddressInfo;

async function status(): Promise<number> {
  await gate.refresh();
  return (await fetch(`http://127.0.0.1:${port}/`)).status;
}

// The reasons are a union of literals: with any other type this would not compile.
export function reasonOf(decision: Decision): string | null {
  return decision.outcome === "block" ? decision.reason : null;
}

const before = await status();
await controller.close("shop");
const closed = await status();
await controller.open("shop");
console.log(before, closed, await status());
server.close();
server.closeAllConnections();
await controller.dispose();
await gate.close();
