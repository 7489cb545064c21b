import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeAdmin } from "../../src/adapters/node.ts";
import { createAdmin } from "../../src/admin/admin.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import type { NewToken } from "../../src/control/apply/mint-access-token.ts";
import { type Controller, createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { RIGHTS } from "../../src/state/access-token.ts";
import { fileStore } from "../../src/stores/file.ts";
import { serve } from "../support/serve.ts";

export interface RemoteAdmin {
  /** The URL as a browser shows it. */
  readonly url: string;
  readonly controller: Controller;
  readonly stateFile: string;
  /** The bodies of all responses. */
  readonly sent: readonly string[];
  /** Creates a token and returns its secret. By default the token has all rights. */
  createToken(token?: Partial<NewToken>): Promise<string>;
  /** Stops the server: nothing listens on its port any more. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an admin on `node:http`, over its own file store. */
export async function remoteAdmin(options: MaintenanceOptions): Promise<RemoteAdmin> {
  const folder = mkdtempSync(join(tmpdir(), "admin-"));
  const stateFile = join(folder, "state.json");
  const store = fileStore({ path: stateFile });
  const shared = { logger: silentLogger, ...options, store };
  const [gate, controller] = [createGate(shared), createController(shared)];
  const admin = createAdmin({ gate, controller });
  const sent: string[] = [];
  const listener = nodeAdmin(admin);
  const served = await serve(
    createServer((request, response) => {
      keepWhatIsSent(response, sent);
      listener(request, response);
    }),
  );
  let listening = true;
  async function stop(): Promise<void> {
    if (listening) await served.close();
    listening = false;
  }
  return {
    url: `${served.url}/maintenance/`,
    controller,
    stateFile,
    sent,
    async createToken(token = {}) {
      const made = await controller.tokens.create({
        name: "ops",
        may: RIGHTS,
        ...token,
        by: { kind: "cli", label: "ada" },
      });
      await gate.refresh();
      return made.token;
    },
    stop,
    async close() {
      admin.close();
      await stop();
      await gate.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function keepWhatIsSent(response: ServerResponse, sent: string[]): void {
  for (const method of ["write", "end"] as const) {
    const original = response[method];
    Reflect.set(response, method, (...given: unknown[]) => {
      if (typeof given[0] === "string" || given[0] instanceof Uint8Array) sent.push(`${given[0]}`);
      return Reflect.apply(original, response, given);
    });
  }
}
