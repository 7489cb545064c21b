import type { IncomingMessage, ServerResponse } from "node:http";
import { createGate, type Gate } from "../gate.ts";
import { isDecided, registerInside } from "./internal/arrangement.ts";
import { decideInside } from "./internal/express-decide.ts";
import { forceClosed } from "./internal/express-forced-closed.ts";
import { type LookAhead, lookAheadIn } from "./internal/express-look-ahead.ts";
import { answerWithAdmin, isForAdmin, type MountableAdmin, requireAdmin } from "./internal/node-admin.ts";
import { requireGate } from "./internal/require-gate.ts";
import { forceOpen, type Markable } from "./internal/route-mark.ts";
import { templateFlag } from "./internal/template-flag.ts";

/** What is used of Express's request, 4 and 5 alike. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl: string;
  readonly app?: object | undefined;
}

/** What is used of Express's response. */
export interface ExpressResponse extends ServerResponse {
  /** Absent in connect, polka and whatever else takes Express's middleware. */
  locals?: Record<string, unknown>;
  render?(view: string, context: object, callback: (error: Error, html: string) => void): void;
}

export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Middleware for Express 4 and 5: after the session, so that `getUser` knows the user, and before all routes. Begins to follow the
 * store. Templates find `maintenance.isClosed`, `.mode` and `.site`. Without a gate it makes one with default options.
 * Throws `ERR_INVALID_OPTION` for what is not a gate.
 */
export function expressMaintenance(gate: Gate = createGate()): ExpressMiddleware {
  requireGate("expressMaintenance", gate);
  const inside = registerInside(gate);
  gate.start();

  function enter(request: ExpressRequest, response: ExpressResponse, next: (error?: unknown) => void): void {
    decideInside({ gate, request, response, lookAhead: lookAheadIn(request.app) }).then(
      (passes) => {
        if (passes) next();
      },
      (error: unknown) => next(error),
    );
  }

  return (request, response, next) => {
    response.locals ??= {};
    response.locals.maintenance = templateFlag(gate, request.headers.host);
    inside.lookAhead ??= reporting(lookAheadIn(request.app));
    if (gate.snapshot.passAll || isDecided(gate, request)) next();
    else enter(request, response, next);
  };
}

/**
 * A handler, a router or an app that answers whatever is closed: a status page, a webhook. Lists, nested too, have each of theirs
 * marked. Returned as it is, for use wherever Express takes it; in a route with several handlers one mark opens the route.
 */
export function maintenanceOff<Handler extends Markable>(handler: Handler): Handler {
  return forceOpen(handler);
}

/**
 * A handler, a router or an app, or a list of them, that always answers as a closed site, even while all is open, and is never
 * reached itself. `gate` says what is answered; default: that of the middleware that has seen the request. The operators' own
 * surfaces (`operatorPaths`) answer all the same.
 */
export function maintenanceOn<Handler extends Markable>(handler: Handler, gate?: Gate): Handler;
export function maintenanceOn(handler: Markable, gate?: Gate): Markable {
  if (gate !== undefined) requireGate("maintenanceOn", gate);
  return typeof handler === "function" ? forceClosed(handler, gate) : handler.map((one) => maintenanceOn(one, gate));
}

/**
 * Middleware that serves `admin` below its `basePath`, wherever it is mounted, and passes everything else on. Before or after
 * `expressMaintenance`: its paths pass. Throws `ERR_INVALID_OPTION` for what is not an admin.
 */
export function expressAdmin(admin: MountableAdmin): ExpressMiddleware {
  requireAdmin("expressAdmin", admin);
  return (request, response, next) => {
    const target = request.originalUrl;
    if (isForAdmin(admin, target)) void answerWithAdmin(admin, request, response, target);
    else next();
  };
}

function reporting(lookAhead: LookAhead): (method: string, target: string) => boolean {
  return (method, target) => lookAhead(method, target) !== null;
}
