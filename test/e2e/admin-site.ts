import { createServer } from "node:http";
import { guard, nodeAdmin } from "../../src/adapters/node.ts";
import { type AdminOptions, createAdmin } from "../../src/admin/admin.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { type Controller, createController } from "../../src/control/controller.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { serve } from "../support/serve.ts";

export const PASSWORD = "correct horse battery";

/** Three sites and their admin on a real server, which distinguishes the sites by host. */
export interface AdminSite {
  /** The URL of the page, with a trailing slash. */
  readonly url: string;
  readonly gate: Gate;
  readonly controller: Controller;
  /** Returns the URL of a path at `shop.localhost`, `blog.localhost` or `docs.localhost`, which browsers resolve to this machine. */
  urlAt(host: string, path?: string): string;
  close(): Promise<void>;
}

/**
 * Starts the server. The header `x-operator` names the operator, instead of a session of the application; without it, the password is
 * required.
 */
export async function startAdminSite(
  given: { readonly options?: MaintenanceOptions; readonly admin?: Partial<AdminOptions> } = {},
): Promise<AdminSite> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const options = {
    store: memoryStore(),
    sites: {
      shop: { hosts: ["shop.localhost"] },
      blog: { hosts: ["blog.localhost"] },
      docs: { hosts: ["docs.localhost"] },
    },
    logger: silent,
    ...given.options,
  };
  const gate = createGate({ ...options, fleet: false });
  const controller = createController(options);
  const admin = createAdmin({
    gate,
    controller,
    password: PASSWORD,
    authorize(request) {
      const name = request.headers.get("x-operator");
      if (name === null) return null;
      return { name, may: name === "viewer" ? ["view"] : ["view", "switch", "edit", "links", "access"] };
    },
    ...given.admin,
  });
  const server = createServer(
    nodeAdmin(admin, (request, response) => {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(
        `<!doctype html><title>Open</title><link rel="icon" href="data:,"><h1>Open: ${request.headers.host}</h1>`,
      );
    }),
  );
  guard(server, gate);
  const served = await serve(server);
  const { port } = new URL(served.url);
  return {
    url: `${served.url}${admin.basePath}/`,
    gate,
    controller,
    urlAt: (host, path = "/") => `http://${host}:${port}${path}`,
    async close() {
      admin.close();
      await served.close();
      await gate.close();
      await controller.dispose();
    },
  };
}
