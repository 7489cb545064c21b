import type { Controller } from "../control/controller.ts";
import { MaintenanceError } from "../errors.ts";
import { gateInternals } from "../gate/internals.ts";
import type { Gate } from "../gate.ts";
import type { Authorize } from "./access/authorize.ts";
import { createAccess } from "./access/create-access.ts";
import type { PasswordOptions } from "./access/password.ts";
import { adminWith } from "./admin-with.ts";
import type { RequestInfo } from "./client-of.ts";

export type { Authorize, Authorized } from "./access/authorize.ts";
export type { PasswordOptions } from "./access/password.ts";
export type { Right } from "./access/principal.ts";
export type { RequestInfo } from "./client-of.ts";
export type {
  AdminEvent,
  AssumedClosure,
  ChangeResult,
  ExemptionList,
  ExplainRequest,
  Explanation,
  Health,
  HistoryEntryView,
  HistoryPage,
  LinkView,
  NewLinkView,
  Problem,
  SessionView,
  SiteList,
  SiteView,
  TokenView,
} from "./schema/types.ts";

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
  const gate = gateInternals(options.gate, "createAdmin");
  requireController(options.controller);
  const known = { ...options, gate };
  return adminWith(createAccess(known), known);
}

function requireController(controller: unknown): void {
  if (typeof controller === "object" && controller !== null && "execute" in controller) return;
  throw new MaintenanceError("ERR_INVALID_OPTION", `createAdmin: '${String(controller)}' is not a controller.`, {
    hint: "Make one with createController(options), over the same store as the gate.",
  });
}
