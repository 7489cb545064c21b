import type { EventEmitter } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Server } from "node:net";
import type { Duplex } from "node:stream";
import { kindOf, MaintenanceError } from "../errors.ts";
import { gateInternals } from "../gate/internals.ts";
import type { Gate } from "../gate.ts";
import { type ExpressApp, isExpressApp } from "./express/stack.ts";
import { answerWithAdmin, isForAdmin, type MountableAdmin, requireAdmin } from "./node/admin.ts";
import { countRequest, countSocket } from "./node/count-request.ts";
import { answerFront, frontSource, guardRequest, guardUpgrade } from "./node/front.ts";
import { continueLate, isOwnContinue } from "./node/late-continue.ts";
import { isTaken } from "./shared/decided-requests.ts";

export type { MountableAdmin } from "./node/admin.ts";

/** Events of a server with a request and a response. In HTTP/2, `connect` is one of them. */
const REQUEST_EVENTS: ReadonlySet<unknown> = new Set(["request", "checkContinue", "checkExpectation", "connect"]);
const UPGRADE_EVENTS: ReadonlySet<unknown> = new Set(["upgrade", "connect"]);

type ServerEvent = [event: string | symbol, ...rest: unknown[]];

/** The options of `guard`. */
export interface GuardOptions {
  /**
   * The Express app that gets all requests of the server. Needed if another listener comes before it, such as that of Socket.IO; that
   * listener must pass to this app every request that it does not answer.
   * @default the only `request` listener, if it is an Express app, or one that `nodeAdmin` wraps
   */
  readonly app?: ((...values: never[]) => unknown) | undefined;
}

/**
 * Answers blocked requests of a `node:http`, `node:https` or `node:http2` server before any listener gets them, whatever the framework and
 * whenever the listener was added. Upgrades such as WebSocket are answered on the socket, and a client that expects `100 Continue` gets
 * the answer instead. Starts to follow the store. Of `node:http2` it guards the compatibility API, and no `stream` listeners. Returns a
 * function that removes the guard; idempotent. While the server takes requests after that, the process is listed as `unguarded`.
 *
 * A request whose exemption depends on the user is left to `expressMaintenance(gate)` if it has a cookie or an `Authorization` header, and
 * if the only `request` listener is an Express app in which that middleware comes before every route for the request. Middleware before
 * it then runs; routes do not. In all other cases `getUser` is called here, with the request of `node:http`.
 *
 * @throws MaintenanceError `ERR_INVALID_OPTION` if an argument is not a server, a gate or an Express app.
 * @example guard(createServer(app), gate);
 */
export function guard(server: Server, gate: Gate, options: GuardOptions = {}): () => void {
  requireServer(server);
  const internals = gateInternals(gate, "guard");
  const declared = requireApp(options.app);
  internals.start();
  internals.servers.added(server);
  const source = frontSource(internals);
  let active = true;
  const wasOwn = Object.hasOwn(server, "emit");
  const { emit }: EventEmitter = server;

  // Replaces `emit` of the server, because the guard must come before listeners that are added later too.
  const guarded = (...values: ServerEvent): boolean => {
    const event = values[0];
    const request = values[1];
    const second = values[2];
    if (internals.snapshot.passAll || !active) {
      if (internals.underWay !== null && active) count(event, request, second);
      // Fast path for `emit(event, request, response)`: `Reflect.apply` with an array measured 40 times slower.
      return values.length === 3 ? emit.call(server, event, request, second) : Reflect.apply(emit, server, values);
    }
    if (!isRequest(request) || isTaken(internals, request)) return Reflect.apply(emit, server, values);
    if (event === "request" && isResponse(second) && answerFront(internals, source, request, second)) return true;
    return guardEvent(values, request);
  };

  /** Counts what the application gets without a decision. */
  function count(event: unknown, request: unknown, second: unknown): void {
    if (event !== "request" && !REQUEST_EVENTS.has(event) && !UPGRADE_EVENTS.has(event)) return;
    if (!isRequest(request)) return;
    if (isResponse(second)) countRequest(internals, request, second, "open");
    else if (isDuplex(second)) countSocket(internals, request, second);
  }

  function guardEvent(values: ServerEvent, request: IncomingMessage): boolean {
    const [event, , second] = values;
    // Node answers 405 to a CONNECT of HTTP/2 without a listener, if `emit` returns false synchronously.
    if (event === "connect" && server.listenerCount(event) === 0) return false;
    const proceed = (): void => void Reflect.apply(emit, server, values);
    if (REQUEST_EVENTS.has(event) && isResponse(second)) {
      const app = (): ExpressApp | null => (isPlain(server, event) ? (declared ?? onlyApp(server)) : null);
      guardRequest({ gate: internals, request, response: second, app, proceed });
    } else if (UPGRADE_EVENTS.has(event) && isDuplex(second)) void guardUpgrade(internals, request, second, proceed);
    else return Reflect.apply(emit, server, values);
    return true;
  }

  server.emit = guarded;
  const removeContinue = continueLate(server, (_request, response) => response.writeContinue());

  return () => {
    if (!active) return;
    active = false;
    internals.servers.removed(server);
    removeContinue();
    // Another wrapper was added since and still calls this one, which now passes everything.
    if (server.emit !== guarded) return;
    if (wasOwn) server.emit = emit;
    else Reflect.deleteProperty(server, "emit");
  };
}

/**
 * Returns a `request` listener that serves `admin` below its `basePath`, and calls `otherwise` for every other path.
 *
 * @param otherwise @default a listener that answers 404
 * @throws MaintenanceError `ERR_INVALID_OPTION` if `admin` is not an admin.
 * @example createServer(nodeAdmin(admin, app)).listen(3000);
 */
export function nodeAdmin(admin: MountableAdmin, otherwise: RequestListener = notFound): RequestListener {
  requireAdmin("nodeAdmin", admin);
  const listener: RequestListener = (request, response) => {
    const target = request.url ?? "";
    if (isForAdmin(admin, target)) void answerWithAdmin(admin, request, response, target);
    else otherwise(request, response);
  };
  behindAdmin.set(listener, otherwise);
  return listener;
}

/** The `otherwise` of each listener of `nodeAdmin`. */
const behindAdmin = new WeakMap<object, RequestListener>();

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { "Content-Length": "0" });
  response.end();
}

function isRequest(value: unknown): value is IncomingMessage {
  return typeof value === "object" && value !== null && "headers" in value && "method" in value;
}

function isResponse(value: unknown): value is ServerResponse {
  return typeof value === "object" && value !== null && "writeHead" in value;
}

function isDuplex(value: unknown): value is Duplex {
  return value instanceof process.getBuiltinModule("node:stream").Duplex;
}

/** Whether an event leads to the `request` listeners, and the application has no other listener for it. */
function isPlain(server: Server, event: string | symbol): boolean {
  return event === "request" || (event === "checkContinue" && server.listeners(event).every(isOwnContinue));
}

/** Returns the Express app if it is the only listener. With a second listener, or one of another kind, it is unknown which one answers. */
function onlyApp(server: Server): ExpressApp | null {
  const [listener = notFound, ...others] = server.listeners("request");
  const app = behindAdmin.get(listener) ?? listener;
  return others.length === 0 && isExpressApp(app) ? app : null;
}

function requireApp(app: unknown): ExpressApp | null {
  if (app === undefined) return null;
  if (isExpressApp(app)) return app;
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    `guard: the option 'app' is a ${typeof app} and not an Express app.`,
    {
      hint: "Give it what express() returned, or leave it out.",
    },
  );
}

/** Refuses an app of a framework, although some are event emitters. */
function requireServer(server: unknown): void {
  // Not imported: the file that the adapters share also loads in runtimes without Node's modules.
  const { EventEmitter } = process.getBuiltinModule("node:events");
  if (server instanceof EventEmitter && "listen" in server) return;
  throw new MaintenanceError("ERR_INVALID_OPTION", `guard: ${kindOf(server)} is not a server.`, {
    hint: "Give it what createServer(app) or app.listen(port) returned.",
  });
}
