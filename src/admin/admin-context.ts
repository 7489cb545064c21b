import type { Authority, BaseController, Controller } from "../control/controller.ts";
import type { GateInternals } from "../gate/internals.ts";
import type { Actor } from "../state/actor.ts";
import type { Access, AdminRequest } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import type { RefusalLog } from "./access/refusal-log.ts";
import type { EventStreams } from "./event-streams.ts";
import type { Waits } from "./waits.ts";

/** A controller that can also wait for the processes. */
export type WaitingController = BaseController & Pick<Controller, "close">;

/** The context of the admin's handlers. */
export interface AdminContext {
  readonly controller: WaitingController;
  readonly gate: GateInternals;
  /** The gate whose proxies determine the admin's own clients: `gate`, unless the admin is behind other proxies. */
  readonly clients: GateInternals;
  readonly access: Access;
  readonly streams: EventStreams;
  readonly waits: Waits;
  /** Logs refusals of the handlers. */
  readonly log: RefusalLog;
  /** Name of the installation; `null` if its host is shown. */
  readonly name: string | null;
  /** Returns epoch milliseconds. */
  now(): number;
  /** Returns the API's description, built from the routes that get this context. */
  describe(): Promise<object>;
}

/** A request that reaches its handler: identified, checked and parsed. */
export interface Call<Body, Query> {
  readonly admin: AdminContext;
  readonly asked: AdminRequest;
  readonly principal: Principal;
  /** The caller, for the history. */
  readonly by: Actor;
  /** Whether the caller's right covers everything, or only the named sites. */
  readonly authority: Authority;
  readonly params: Params;
  readonly body: Body;
  readonly query: Query;
  /** Version in `If-Match`; -1 if the route takes none. */
  readonly version: number;
}

/** The caller, once it is known: for the log. */
export interface Seen {
  principal: Principal | null;
}

/** The values of `{site}` and `{id}` in the path; empty if absent. */
export interface Params {
  readonly site: string;
  readonly id: string;
}
