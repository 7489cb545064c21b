import { createServer, type RequestListener } from "node:http";
import { connect } from "node:net";
import type express5 from "express";
import { expressAdmin, expressMaintenance } from "../../src/adapters/express.ts";
import { guard, nodeAdmin } from "../../src/adapters/node.ts";
import { type Admin, type AdminOptions, createAdmin } from "../../src/admin/admin.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { type Controller, createController } from "../../src/control/controller.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { serve } from "../support/serve.ts";

export const PASSWORD = "correct horse battery";

export interface AdminServer {
  readonly url: string;
  readonly admin: Admin;
  readonly gate: Gate;
  readonly controller: Controller;
  /** The logged messages, oldest first. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

export interface AdminServerOptions {
  readonly options?: MaintenanceOptions;
  readonly admin?: Partial<AdminOptions>;
  /** Creates the listener of the server. Default: the admin on `node:http`, and `app` for all other paths. */
  readonly listen?: (parts: { admin: Admin; gate: Gate }) => RequestListener;
}

const app: RequestListener = (_request, response) => response.end("the application");

/** Starts an HTTP server with an admin, a gate in front of it, and a password. */
export async function adminServer({ options, admin: given, listen }: AdminServerOptions = {}): Promise<AdminServer> {
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const logger = { debug: () => {}, info: note, warn: note, error: note };
  const shared = {
    store: memoryStore(),
    sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } },
    logger,
    ...options,
  };
  const gate = createGate(shared);
  const controller = createController(shared);
  const admin = createAdmin({ gate, controller, password: PASSWORD, ...given });
  const server = createServer(listen?.({ admin, gate }) ?? nodeAdmin(admin, app));
  guard(server, gate);
  const served = await serve(server);
  return {
    url: served.url,
    admin,
    gate,
    controller,
    log,
    async close() {
      admin.close();
      await served.close();
      await gate.close();
      await controller.dispose();
    },
  };
}

/** Serves the admin in an Express app, behind `expressMaintenance`, in a router mounted at `/ops`. */
export function inExpress(express: typeof express5): NonNullable<AdminServerOptions["listen"]> {
  return ({ admin, gate }) => {
    const outer = express();
    const inner = express.Router();
    outer.use(expressMaintenance(gate));
    inner.use(expressAdmin(admin));
    outer.use("/ops", inner);
    outer.use((_request, response) => void response.send("the application"));
    return outer;
  };
}

/** Signs in, and returns the cookie. */
export async function signIn({ url, admin }: AdminServer): Promise<string> {
  const response = await fetch(`${url}${admin.basePath}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ password: PASSWORD }),
  });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
}

/** Sends `text` over a socket, and returns what the server sends until that matches `until` or the server closes the connection. */
export async function speak(url: string, text: string, until: RegExp): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  let heard = "";
  for await (const chunk of socket) {
    heard += String(chunk);
    if (until.test(heard)) break;
  }
  socket.destroy();
  return heard;
}
