import { requireGate } from "../adapters/shared/decided-requests.ts";
import type { Controller } from "../control/controller.ts";
import { MaintenanceError } from "../errors.ts";
import type { Gate } from "../gate.ts";
import type { Access } from "./access/access.ts";
import type { Authorize } from "./access/authorize.ts";
import { createAccess } from "./access/create-access.ts";
import type { PasswordOptions } from "./access/password.ts";
import { createRefusalLog } from "./access/refusal-log.ts";
import type { AdminContext } from "./admin-context.ts";
import type { RequestInfo } from "./client-of.ts";
import { createEventStreams } from "./event-streams.ts";
import { createHandler } from "./handler.ts";
import { parseBasePath } from "./http/request-path.ts";

export type { Authorize, Authorized } from "./access/authorize.ts";
export type { Right } from "./access/principal.ts";
export type { RequestInfo } from "./client-of.ts";
export type * from "./schema/types.ts";

export interface AdminOptions extends PasswordOptions {
  /** Carries out what is changed. Over the same store as `gate`. */
  readonly controller: Controller;
  /** Tells what is: the admin reads what this gate holds. Its logger hears of every change and every refusal. */
  readonly gate: Gate;
  /**
   * Which installation this is, as the page's header and title show it.
   *
   * @default the host under which the page is opened
   * @example "Acme, staging"
   */
  readonly name?: string | undefined;
  /** The path at which the server sees the admin, mount points included. Default: `/maintenance`. `/`: a server of its own. */
  readonly basePath?: string | undefined;
  /** The application's own way to tell who asks, and what they may do; its second argument is the framework's request. */
  readonly authorize?: Authorize | undefined;
  /** Whether stored tokens let anybody in. Default: true. */
  readonly tokens?: boolean | undefined;
  /** The one origin under which operators open the admin, `https://admin.example`: behind a proxy that changes `Host`. */
  readonly origin?: string | undefined;
}

/** The admin: its API and its page, as one handler in the manner of the Fetch standard. */
export interface Admin {
  /** Without a slash at its end; empty: the root. */
  readonly basePath: string;
  /** Answers a request below `basePath`, and any other with 404. Never rejects. */
  fetch(request: Request, info?: RequestInfo): Promise<Response>;
  /** Ends the streams of events. Does not close `gate` and `controller`. Idempotent. */
  close(): void;
}

/**
 * Makes the admin. Does nothing before the first request. `gate` lets its paths pass in every mode, lockdown included. Until a
 * way to sign in is configured, every request is refused, and the page says what to set. Throws `ERR_INVALID_OPTION`.
 */
export function createAdmin(options: AdminOptions): Admin {
  requireGate("createAdmin", options.gate);
  requireController(options.controller);
  return adminWith(createAccess(options), options);
}

/** The same with another `Access`. */
export function adminWith(
  access: Access,
  {
    controller,
    gate,
    name,
    basePath: given = "/maintenance",
    clients = gate,
  }: Pick<AdminOptions, "controller" | "gate" | "name" | "basePath"> & { readonly clients?: Gate },
): Admin {
  const basePath = parseBasePath(given);
  // At the root it would be everything that passes: there it has a server of its own, and no guard.
  if (basePath !== "") gate.addOperatorPaths([basePath, `${basePath}/*`]);
  const streams = createEventStreams(gate);
  const context: AdminContext = {
    controller,
    gate,
    clients,
    access,
    streams,
    log: createRefusalLog(gate.options.logger, gate.options.clock),
    name: name === undefined ? null : parseName(name),
    now: () => gate.options.clock.now(),
    describe: async () => (await import("./schema/open-api.ts")).openApi(),
  };
  return { basePath, fetch: createHandler(context, basePath), close: streams.close };
}

/** Throws `ERR_INVALID_OPTION`. */
function parseName(name: unknown): string {
  if (typeof name === "string" && /^[^\p{Cc}]{1,100}$/u.test(name) && name.trim() !== "") return name.trim();
  throw new MaintenanceError("ERR_INVALID_OPTION", `createAdmin: name: '${String(name).slice(0, 80)}' is not a name.`, {
    hint: "Write one line of up to 100 characters, such as 'Acme, staging', or leave it out.",
  });
}

function requireController(controller: unknown): void {
  if (typeof controller === "object" && controller !== null && "execute" in controller) return;
  throw new MaintenanceError("ERR_INVALID_OPTION", `createAdmin: '${String(controller)}' is not a controller.`, {
    hint: "Make one with createController(options), over the same store as the gate.",
  });
}
