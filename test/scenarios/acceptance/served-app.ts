import { createServer } from "node:http";
import express from "express";
import { afterEach, describe } from "vitest";
import { expressMaintenance } from "../../../src/adapters/express.ts";
import { guard } from "../../../src/adapters/node.ts";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { send, type WireAnswer, type WireRequest } from "../../../src/testing/adapters/client.ts";
import { BY, type GateUnderTest, gateUnderTest } from "../../support/gate-under-test.ts";
import { serve } from "../../support/serve.ts";

type Command = Parameters<GateUnderTest["controller"]["execute"]>[0];

/** An application that is served over HTTP on this machine, with its gate, store and clock. */
export interface ServedApp extends GateUnderTest {
  readonly url: string;
  /** The targets of the requests that reached the application. */
  readonly reached: readonly string[];
  ask(request?: WireRequest): Promise<WireAnswer>;
  /** Sends a GET and returns the status. */
  statusOf(path: string, headers?: WireRequest["headers"]): Promise<number>;
  /** Executes a command, and waits until the gate has seen it. */
  execute(command: Command): Promise<void>;
}

/** Where the gate is installed. */
export type Place = "in front of node:http" | "inside Express 5";

/** Defines a suite for each place. */
export const inEachPlace: typeof describe.each extends (cases: readonly Place[]) => infer Suite ? Suite : never =
  describe.each<Place>(["in front of node:http", "inside Express 5"]);

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Signs in the user that the header `x-user` names, instead of a session. */
function signIn(request: express.Request): void {
  const kind = request.headers["x-user"];
  if (kind !== undefined)
    Reflect.set(request, "user", { name: kind, staff: kind === "staff", isSuperuser: kind === "superuser" });
}

/** Serves an application until the end of the test. With `gate: false` it has no gate. */
export async function serveApp(
  place: Place,
  options: MaintenanceOptions = {},
  { gate: hasGate = true } = {},
): Promise<ServedApp> {
  const under = gateUnderTest(options);
  const reached: string[] = [];
  const app = express().disable("x-powered-by").use(express.json());
  app.use((request, _response, next) => {
    signIn(request);
    next();
  });
  if (hasGate && place === "inside Express 5") app.use(expressMaintenance(under.gate));
  app.use((request, response) => {
    reached.push(request.originalUrl);
    response.set("Cache-Control", "public, max-age=60").send("the app");
  });
  const server = createServer(app);
  if (hasGate && place === "in front of node:http") guard(server, under.gate);
  const { url, close } = await serve(server);
  opened.push(close, () => under.gate.close());
  return {
    ...under,
    url,
    reached,
    ask: (request) => send(url, request),
    statusOf: async (path, headers = {}) => (await send(url, { path, headers })).status,
    async execute(command) {
      await under.controller.execute(command, BY);
      await under.gate.refresh();
    },
  };
}
