import type { Controller } from "../control/controller.ts";
import { MaintenanceError } from "../errors.ts";
import { gateInternals } from "../gate/internals.ts";
import type { Gate } from "../gate.ts";
import type { Authorize } from "./access/authorize.ts";
import { createAccess } from "./access/create-access.ts";
import type { PasswordOptions } from "./access/password.ts";
import { adminWith } from "./admin-with.ts";
import type { RequestInfo } from "./client-of.ts";

export type { FollowerState } from "../control/fleet/follower.ts";
export type { Authorize, Authorized } from "./access/authorize.ts";
export type { PasswordOptions } from "./access/password.ts";
export type { Right } from "./access/principal.ts";
export type { RequestInfo } from "./client-of.ts";
export type { AssumedClosure, ExplainRequest } from "./schema/requests.ts";
export type {
  AdminEvent,
  ChangeResult,
  ExemptionList,
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
} from "./schema/responses.ts";

/** @example { gate, controller, password: process.env.MAINTENANCE_ADMIN_PASSWORD } */
export interface AdminOptions extends PasswordOptions {
  /** Executes the changes. It must have the same store as `gate`. */
  readonly controller: Controller;
  /** The gate whose state the admin shows. Its logger logs every change and every refused request. */
  readonly gate: Gate;
  /**
   * Name of the installation, shown in the page's header and title.
   *
   * @default the host under which the page is opened
   * @example "Acme, staging"
   */
  readonly name?: string | undefined;
  /**
   * The path of the admin, including mount points. `/` for a server of its own.
   * @default "/maintenance"
   */
  readonly basePath?: string | undefined;
  /**
   * Returns the caller and its rights, by the application's own authentication; `null` or `false` for an unknown caller. The second
   * argument is the framework's request.
   * @default none: only tokens and the password identify a caller
   * @example (_request, { user }) => user?.isAdmin && { name: user.email, may: ["view", "switch"] }
   */
  readonly authorize?: Authorize | undefined;
  /**
   * Whether stored tokens are accepted.
   * @default true
   */
  readonly tokens?: boolean | undefined;
  /**
   * The origin of the admin's page, for a proxy that changes `Host`.
   * @default the origin of each request
   * @example "https://admin.example"
   */
  readonly origin?: string | undefined;
}

/** The admin: its API and its page, as one handler of the Fetch standard. */
export interface Admin {
  /** Without a trailing slash; empty for the root. */
  readonly basePath: string;
  /** Answers a request below `basePath`, and any other with 404. Never rejects. */
  fetch(request: Request, info?: RequestInfo): Promise<Response>;
  /** Ends the event streams, and the waits of `POST close-and-wait`. Closes neither `gate` nor `controller`. Idempotent. */
  close(): void;
}

/**
 * Creates the admin. Does nothing before the first request. `gate` lets its paths pass in every mode, including lockdown. Before a way to
 * sign in is configured, every request is refused, and the page says what to configure.
 * @example
 * const admin = createAdmin({ gate, controller, password: process.env.MAINTENANCE_ADMIN_PASSWORD });
 * @throws `ERR_INVALID_OPTION`
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
    hint: "Create one with createController(options), over the same store as the gate.",
  });
}
