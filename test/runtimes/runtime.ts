import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type PackedPackage, packPackage } from "../installed/packed-package.ts";
import { findBinary } from "../support/servers/find-binary.ts";
import { freePort } from "../support/servers/free-port.ts";
import { type RunningServer, startServer } from "../support/servers/start-server.ts";

export const INSTALL_RUNTIMES = "npm ci --prefix test/runtimes";

const APPS = fileURLToPath(new URL("apps", import.meta.url));
const BINARIES = fileURLToPath(new URL("node_modules/.bin", import.meta.url));

/** A runtime other than Node. */
export interface Runtime {
  readonly name: string;
  /** The path of its program; `null` if it is not installed. */
  readonly binary: string | null;
  /** Returns the arguments that run `script`. */
  args(script: string): readonly string[];
}

export interface RunningApp extends RunningServer {
  readonly url: string;
}

export const BUN: Runtime = { name: "Bun", binary: findBinary(["bun"], [BINARIES]), args: (script) => [script] };
export const DENO: Runtime = {
  name: "Deno",
  binary: findBinary(["deno"], [BINARIES]),
  args: (script) => ["run", "--allow-all", "--no-check", script],
};
/** The runtime of Cloudflare Workers. */
export const WORKERD: Runtime = {
  name: "workerd",
  binary: findBinary(["workerd"], [BINARIES]),
  args: (config) => ["serve", config],
};

let packed: PackedPackage | null = null;
let apps = 0;

/** Removes the package that `makeApps` has packed. */
export function removePackage(): void {
  packed?.remove();
  packed = null;
}

/** Creates a folder with the apps, beside the package, which is packed on the first call. */
export function makeApps(): string {
  packed ??= packPackage(["express", "aws4fetch", "kysely"]);
  apps += 1;
  return packed.addConsumer(APPS, `apps-${apps}`);
}

/** Serves `app`, a file of apps/, on a free port. */
export async function startApp(
  { name, binary, args }: Runtime,
  app: string,
  env: Readonly<Record<string, string>>,
  folder: string = makeApps(),
): Promise<RunningApp> {
  if (binary === null) throw new Error(`${name} is not installed.`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const script = name === WORKERD.name ? await makeWorker(folder, app, port, env) : app;
  const server = await startServer({
    command: binary,
    args: args(script),
    folder,
    env: { ...env, PORT: String(port), NO_COLOR: "1" },
    ready: async () => void (await fetch(`${url}/healthz`)),
  });
  return { ...server, url };
}

/** Bundles `app`, and writes the configuration of a workerd that serves it and can only connect to this machine. */
async function makeWorker(
  folder: string,
  app: string,
  port: number,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  await build({
    entryPoints: [join(folder, app)],
    bundle: true,
    format: "esm",
    platform: "neutral",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["module", "main"],
    external: ["cloudflare:workers"],
    outfile: join(folder, "worker.mjs"),
    logLevel: "silent",
  });
  const bindings = Object.entries(env).map(([key, text]) => `(name = "${key}", text = ${JSON.stringify(text)})`);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "site", worker = .site), (name = "loopback", network = (allow = ["local"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "site")],
);
const site :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs")],
  bindings = [${bindings.join(", ")}],
  globalOutbound = "loopback",
  compatibilityDate = "2026-04-01",
);
`;
  await writeFile(join(folder, "workerd.capnp"), config);
  return "workerd.capnp";
}
