import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { resolve } from "node:path";
import type { Command } from "commander";
import { MaintenanceError, messageOf } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { compileTrustProxy, type TrustProxy } from "../../rules/addresses/client-address.ts";
import { wholeNumber } from "../input/closure-options.ts";
import { addExamples } from "../input/definition.ts";
import { withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("serve")
    .description("Serves the admin (page and API) for the configured store until it is stopped.")
    .option("--port <number>", "the port to listen on; default: 9000; 0: any free port")
    .option("--host <address>", "the address to listen on; default: 127.0.0.1, this machine only")
    .option("--base-path <path>", "the path at which it is served; default: /")
    .option("--name <text>", "the name of the installation, in the page's header and title; default: its host")
    .option("--tls-cert <file>", "the certificate with its chain (PEM), for https")
    .option("--tls-key <file>", "its private key (PEM)")
    .option(
      "--trust-proxy <who>",
      "a number of proxies, addresses or ranges separated by commas, or a preset: nginx, …",
    )
    .option(
      "--origin <origin>",
      "the origin at which operators open it, if a proxy changes Host: https://admin.example",
    );
  command.action((options: ServeOptions) => perform(command, (session) => serveAdmin(session, options)));
  addExamples(command, [
    ["serve", "on http://127.0.0.1:9000/; sign in with a token or with the password in MAINTENANCE_ADMIN_PASSWORD"],
    ["serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem", "for other machines too, over https"],
    ["serve --base-path /maintenance --trust-proxy 1", "behind a proxy that terminates TLS"],
  ]);
}

interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly basePath?: string;
  readonly name?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly trustProxy?: string;
  readonly origin?: string;
}

const DEFAULT_PORT = 9_000;
const YEAR_IN_SECONDS = 31_536_000;
const PASSWORD_VARIABLE = "MAINTENANCE_ADMIN_PASSWORD";
/** Maximum milliseconds that a stopped server waits for responses in progress. */
const MAX_DRAIN_MS = 5_000;

/** Ends on SIGINT or SIGTERM. */
async function serveAdmin(session: Session, options: ServeOptions): Promise<Report> {
  const { context, warn } = session;
  const { host = "127.0.0.1", basePath = "/", name, origin } = options;
  const port = wholeNumber("--port", options.port) ?? DEFAULT_PORT;
  const tls = await readTls(context.cwd, options);
  // Loaded only now: the help loads every command, and the admin is as large as all the others together.
  const [{ adminWith }, { createAccess }, { nodeAdmin }, { gateFor }, { gateInternals }] = await Promise.all([
    import("../../admin/admin-with.ts"),
    import("../../admin/access/create-access.ts"),
    import("../../adapters/node.ts"),
    import("../../gate.ts"),
    import("../../gate/internals.ts"),
  ]);
  return await withProject(session, async ({ options: configured, local: controller }) => {
    if (controller === null) {
      throw new MaintenanceError("ERR_INVALID_OPTION", "serve needs a store and cannot use another admin.", {
        hint: "Leave out --url.",
      });
    }
    // It serves no visitors, so it is no process that a change has to reach.
    const ofGate = { ...configured, fleet: false as const, logger: loggerOf(session) };
    const gate = gateInternals(gateFor(ofGate));
    // Never started: only its options are used. What `gate` reports about visitors depends on the proxies of the application, not of the admin.
    const clients =
      options.trustProxy === undefined
        ? gate
        : gateInternals(gateFor({ ...ofGate, trustProxy: readTrustProxy(options.trustProxy) }));
    const password = context.env[PASSWORD_VARIABLE] || undefined;
    try {
      const known = { gate, controller, name, basePath, origin, password };
      const admin = adminWith(createAccess(known), { ...known, clients });
      const listener = nodeAdmin(admin);
      const server = tls === null ? createServer(listener) : createTlsServer(tls, strictly(listener));
      await gate.ready();
      const url = await listen(server, { host, port, scheme: tls === null ? "http" : "https", basePath });
      if (password === undefined && gate.snapshot.all.stored.access.tokens.length === 0) {
        warn(
          `No one can sign in yet. Set ${PASSWORD_VARIABLE}, or create a token: ${session.program} token create --help`,
        );
      }
      const where = `The admin is at ${url} (Ctrl+C stops it)\n`;
      (session.json ? context.stderr : context.stdout).write(where);
      const signal = await context.stopped();
      admin.close();
      await close(server);
      return { json: { command: "serve", url, signal }, text: "Stopped." };
    } finally {
      await gate.close();
    }
  });
}

/** Adds the header of RFC 6797: a browser that has used https never uses plain http again. Not for `localhost`, where other servers run too. */
function strictly(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (!/^(?:.+\.)?localhost(?::\d+)?$/i.test(request.headers.host ?? "")) {
      response.setHeader("Strict-Transport-Security", `max-age=${YEAR_IN_SECONDS}`);
    }
    listener(request, response);
  };
}

async function readTls(
  cwd: string,
  { tlsCert, tlsKey }: ServeOptions,
): Promise<{ readonly cert: Buffer; readonly key: Buffer } | null> {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new MaintenanceError("ERR_INVALID_OPTION", "--tls-cert and --tls-key go together, and one is missing.");
  }
  const read = async (option: string, file: string): Promise<Buffer> => {
    try {
      return await readFile(resolve(cwd, file));
    } catch (cause) {
      const hint = "Name an existing PEM file that you may read.";
      throw new MaintenanceError("ERR_INVALID_OPTION", `${option}: '${file}' cannot be read: ${messageOf(cause)}.`, {
        hint,
        cause,
      });
    }
  };
  return { cert: await read("--tls-cert", tlsCert), key: await read("--tls-key", tlsKey) };
}

/** Throws `ERR_INVALID_OPTION` or `ERR_INVALID_ADDRESS`. */
function readTrustProxy(value: string): TrustProxy {
  if (/^\d+$/.test(value)) return compileTrustProxy(Number(value));
  return compileTrustProxy(/[,.:/]/.test(value) ? value.split(",").map((range) => range.trim()) : value);
}

async function listen(
  server: Server,
  { host, port, scheme, basePath }: { host: string; port: number; scheme: string; basePath: string },
): Promise<string> {
  try {
    await new Promise<void>((listening, failed) => server.once("error", failed).listen(port, host, listening));
  } catch (cause) {
    throw new MaintenanceError(
      "ERR_INVALID_OPTION",
      `The server cannot listen on ${host}, port ${port}: ${messageOf(cause)}.`,
      {
        hint: "Choose another address with --port and --host, or stop the process that uses this one.",
        cause,
      },
    );
  }
  const address = server.address();
  const found = typeof address === "object" && address !== null ? address.port : port;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${found}${basePath.replace(/\/$/, "")}/`;
}

/** Waits for responses in progress; connections that are still open after `MAX_DRAIN_MS` are closed. */
async function close(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), MAX_DRAIN_MS);
  await new Promise((closed) => server.close(closed));
  clearTimeout(late);
}

/** Writes to stderr, where a supervisor collects logs. */
function loggerOf({ context: { stderr } }: Session): Logger {
  const line = (text: string): void => stderr.write(`${text}\n`);
  return { debug() {}, info: line, warn: line, error: line };
}
