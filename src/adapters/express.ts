import type { IncomingMessage, ServerResponse } from "node:http";
import { gateInternals } from "../gate/internals.ts";
import { createGate, type Gate } from "../gate.ts";
import { guardInside } from "./express/decide.ts";
import { forceClosed } from "./express/forced-closed.ts";
import { isExpressApp, stackOf } from "./express/stack.ts";
import { type MaintenanceFlag, templateFlag } from "./express/template-flag.ts";
import { answerWithAdmin, isForAdmin, type MountableAdmin, requireAdmin } from "./node/admin.ts";
import { hostOfRequest } from "./node/facts.ts";
import { continueInside, continueNow } from "./node/late-continue.ts";
import { isDecided, registerInside } from "./shared/decided-requests.ts";
import { forceOpen, type Markable, markOpen } from "./shared/route-mark.ts";

export type { MaintenanceFlag } from "./express/template-flag.ts";
export type { MountableAdmin } from "./node/admin.ts";
export type { Markable } from "./shared/route-mark.ts";

declare global {
  // The name under which Express's own types can be extended.
  namespace Express {
    interface Locals {
      readonly maintenance: MaintenanceFlag;
    }
  }
}

/** The members of Express's request that are used, in 4 and 5 alike. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl: string;
  readonly app?: object | undefined;
}

/** The members of Express's response that are used. */
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
 * store. Templates find `maintenance.isClosed`, `.mode` and `.site` for the path of the request. Without a gate it makes one with default options.
 * Throws `ERR_INVALID_OPTION` for what is not a gate.
 */
export function expressMaintenance(gate: Gate = createGate()): ExpressMiddleware {
  const internals = gateInternals(gate, "expressMaintenance");
  internals.start();

  function enter(request: ExpressRequest, response: ExpressResponse, next: (error?: unknown) => void): void {
    guardInside({ gate: internals, request, response }).then(
      (passes) => {
        if (!passes) return;
        if (isDecided(internals, request)) continueNow(request);
        next();
      },
      (error: unknown) => next(error),
    );
  }

  const continues = continueInside(internals);
  const middleware: ExpressMiddleware = (request, response, next) => {
    continues(request);
    response.locals ??= {};
    const target = request.originalUrl ?? "";
    response.locals.maintenance = templateFlag(internals, hostOfRequest(request, target), target);
    if (internals.snapshot.passAll || isDecided(internals, request)) next();
    else enter(request, response, next);
  };
  registerInside(middleware, internals);
  return middleware;
}

/**
 * Marks a handler, a router or an app as open whatever is closed: a status page, a webhook. Use what it returns in the place of
 * `handler`; of a list, nested too, each is marked. The mark opens the route or the path at which it is mounted, and nothing else that
 * uses the same function. In a route with several handlers one mark opens the route.
 */
export function maintenanceOff<Handler extends Markable>(handler: Handler): Handler;
export function maintenanceOff(handler: Markable): Markable {
  return forceOpen(handler, markWhenMounted);
}

/**
 * A handler, a router or an app, or a list of them, that always answers as a closed site, even while all is open, and is never
 * reached itself. `gate` says what is answered; default: that of the middleware that has seen the request. The operators' own
 * surfaces (`operatorPaths`) answer all the same.
 */
export function maintenanceOn<Handler extends Markable>(handler: Handler, gate?: Gate): Handler;
export function maintenanceOn(handler: Markable, gate?: Gate): Markable {
  const given = gate === undefined ? null : gateInternals(gate, "maintenanceOn");
  return typeof handler === "function" ? forceClosed(handler, given) : handler.map((one) => maintenanceOn(one, gate));
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

/** Express mounts an app in a layer that hides it, and tells the app so at once: the layer is then the last of the parent's. */
const markWhenMounted: ProxyHandler<(...values: never[]) => unknown> = {
  get(handler, key) {
    const value: unknown = Reflect.get(handler, key);
    if (key !== "emit" || typeof value !== "function") return value;
    return (event: unknown, ...rest: unknown[]): unknown => {
      const [parent] = rest;
      const layer = event === "mount" && isExpressApp(parent) ? stackOf(parent).at(-1) : undefined;
      if (layer !== undefined) markOpen(layer);
      return Reflect.apply(value, handler, [event, ...rest]);
    };
  },
};
