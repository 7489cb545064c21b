import type { IncomingMessage, ServerResponse } from "node:http";
import { uncount } from "../gate/counted.ts";
import { gateInternals } from "../gate/internals.ts";
import { createGate, type Gate } from "../gate.ts";
import { guardInside, insideSource } from "./express/decide.ts";
import { forceClosed } from "./express/forced-closed.ts";
import { isExpressApp, stackOf } from "./express/stack.ts";
import { type MaintenanceFlag, templateFlags } from "./express/template-flag.ts";
import { answerWithAdmin, isForAdmin, type MountableAdmin, requireAdmin } from "./node/admin.ts";
import { countRequest } from "./node/count-request.ts";
import { hostOfRequest } from "./node/facts.ts";
import { continueInside, continueNow } from "./node/late-continue.ts";
import { answerReady } from "./node/ready.ts";
import { isDecided, isTaken, registerInside } from "./shared/decided-requests.ts";
import { forceOpen, type Markable, markOpen } from "./shared/route-mark.ts";

export type { MaintenanceFlag } from "./express/template-flag.ts";
export type { MountableAdmin } from "./node/admin.ts";
export type { Markable } from "./shared/route-mark.ts";

declare global {
  // `@types/express` declares this namespace so that applications can extend it.
  namespace Express {
    interface Locals {
      readonly maintenance: MaintenanceFlag;
    }
  }
}

/** The members of a request of Express 4 and 5 that are used. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl: string;
  readonly app?: object | undefined;
}

/** The members of a response of Express 4 and 5 that are used. */
export interface ExpressResponse extends ServerResponse {
  /** Absent in connect, polka and other frameworks that accept Express's middleware. */
  locals?: Record<string, unknown>;
  render?(view: string, context: object, callback: (error: Error, html: string) => void): void;
}

export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Returns middleware for Express 4 and 5 that answers blocked requests. Mount it after the session, so that `getUser` knows the user, and
 * before all routes. Starts to follow the store. Templates get `maintenance.isClosed`, `.mode` and `.site` for the path of the request.
 *
 * @param gate @default createGate()
 * @throws MaintenanceError `ERR_INVALID_OPTION` if `gate` is not a gate.
 * @example app.use(expressMaintenance(gate));
 */
export function expressMaintenance(gate: Gate = createGate()): ExpressMiddleware {
  const internals = gateInternals(gate, "expressMaintenance");
  internals.start();

  function enter(request: ExpressRequest, response: ExpressResponse, next: (error?: unknown) => void): void {
    guardInside({ gate: internals, request, response }).then(
      (pass) => {
        if (pass === null || !passes(pass, next)) return;
        if (isDecided(internals, request)) continueNow(request);
        next();
      },
      (error: unknown) => next(error),
    );
  }

  function passes(pass: () => boolean, next: (error: unknown) => void): boolean {
    try {
      return pass();
    } catch (error) {
      next(error);
      return false;
    }
  }

  const continues = continueInside(internals);
  const source = insideSource(internals);
  const flagFor = templateFlags(internals);

  /** Returns true if the request was answered without being decided on. Throws if the answer cannot be written. */
  function answerAtOnce(request: ExpressRequest, response: ExpressResponse, target: string): boolean {
    if (internals.snapshot.passAll || isTaken(internals, request)) return false;
    if (!answerReady(internals, source, request, response, target)) return false;
    uncount(request);
    return true;
  }

  const middleware: ExpressMiddleware = (request, response, next) => {
    continues(request);
    const target = request.originalUrl ?? "";
    if (answerAtOnce(request, response, target)) return;
    response.locals ??= {};
    response.locals.maintenance = flagFor(hostOfRequest(request, target), target);
    if (internals.snapshot.passAll) {
      if (internals.underWay !== null) countRequest(internals, request, response, "open", target);
      next();
    } else if (isDecided(internals, request)) next();
    else enter(request, response, next);
  };
  registerInside(middleware, internals);
  return middleware;
}

/**
 * Marks a handler, a router, an app, or a list of them as open, whatever is closed: a status page, a webhook. Returns a proxy of it, to be
 * mounted instead. The mark opens the route or the path at which the proxy is mounted; other routes with the same function stay closed.
 * In a route with several handlers, one mark opens the route.
 *
 * @example app.post("/webhooks/payment", maintenanceOff(receivePayment));
 */
export function maintenanceOff<Handler extends Markable>(handler: Handler): Handler;
export function maintenanceOff(handler: Markable): Markable {
  return forceOpen(handler, markWhenMounted);
}

/**
 * Returns a proxy of a handler, a router, an app, or a list of them, that answers every request as a closed site does, even while the site
 * is open. `handler` is called only for `operatorPaths`.
 *
 * @param gate determines the answer. @default the gate of the middleware before it
 * @throws MaintenanceError `ERR_INVALID_OPTION` if `gate` is not a gate.
 * @example app.use("/beta", maintenanceOn(betaRouter));
 */
export function maintenanceOn<Handler extends Markable>(handler: Handler, gate?: Gate): Handler;
export function maintenanceOn(handler: Markable, gate?: Gate): Markable {
  const given = gate === undefined ? null : gateInternals(gate, "maintenanceOn");
  return typeof handler === "function" ? forceClosed(handler, given) : handler.map((one) => maintenanceOn(one, gate));
}

/**
 * Returns middleware that serves `admin` below its `basePath`, wherever it is mounted, and calls `next` for every other path. Mount it
 * before or after `expressMaintenance`: the admin's paths always pass.
 *
 * @throws MaintenanceError `ERR_INVALID_OPTION` if `admin` is not an admin.
 * @example app.use(expressAdmin(createAdmin({ controller, gate })));
 */
export function expressAdmin(admin: MountableAdmin): ExpressMiddleware {
  requireAdmin("expressAdmin", admin);
  return (request, response, next) => {
    const target = request.originalUrl;
    if (isForAdmin(admin, target)) void answerWithAdmin(admin, request, response, target);
    else next();
  };
}

/** Marks the layer in which Express mounts a marked app. Express emits `mount` on the app at once, so it is the parent's last layer. */
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
