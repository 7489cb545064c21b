import type { Authority, BaseController } from "../control/controller.ts";
import type { GateInternals } from "../gate/internals.ts";
import type { Actor } from "../state/actor.ts";
import type { Access, AdminRequest } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import type { RefusalLog } from "./access/refusal-log.ts";
import type { EventStreams } from "./event-streams.ts";

/** What the handlers of the admin work with. */
export interface AdminContext {
  readonly controller: BaseController;
  readonly gate: GateInternals;
  /** By the proxies of this one the admin's own clients are found: the same as `gate`, unless the admin is served behind others. */
  readonly clients: GateInternals;
  readonly access: Access;
  readonly streams: EventStreams;
  /** For what the handlers refuse. */
  readonly log: RefusalLog;
  /** Which installation this is; `null`: it is known by its host. */
  readonly name: string | null;
  /** Epoch milliseconds. */
  now(): number;
  /** The API's description: built from the very routes that are handed this. */
  describe(): Promise<object>;
}

/** One request that has come as far as its handler: known, checked, read. */
export interface Call<Body, Query> {
  readonly admin: AdminContext;
  readonly asked: AdminRequest;
  readonly principal: Principal;
  /** How the history shows the caller. */
  readonly by: Actor;
  /** Whether the route's right reaches everything, or only the sites that are named. */
  readonly authority: Authority;
  readonly params: Params;
  readonly body: Body;
  readonly query: Query;
  /** That `If-Match` names; -1 where the route takes none. */
  readonly version: number;
}

/** Who asks, as soon as that is known: for the log. */
export interface Seen {
  principal: Principal | null;
}

/** The values of `{site}` and `{id}` in the path; empty where there is none. */
export interface Params {
  readonly site: string;
  readonly id: string;
}
