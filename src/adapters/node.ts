import { EventEmitter } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Server } from "node:net";
import { Duplex } from "node:stream";
import { kindOf, MaintenanceError } from "../errors.ts";
import type { Gate } from "../gate.ts";
import { isDecided } from "./internal/arrangement.ts";
import { answerWithAdmin, isForAdmin, type MountableAdmin, requireAdmin } from "./internal/node-admin.ts";
import { meetRequest, meetUpgrade } from "./internal/node-front.ts";
import { requireGate } from "./internal/require-gate.ts";

/** What a server tells of requests: in HTTP/2 `connect` brings a response too. */
const REQUEST_EVENTS: ReadonlySet<unknown> = new Set(["request", "checkContinue", "checkExpectation", "connect"]);
const UPGRADE_EVENTS: ReadonlySet<unknown> = new Set(["upgrade", "connect"]);

/**
 * Puts `gate` in front of a `node:http`, `node:https` or `node:http2` server (its compatibility API), whatever framework listens and
 * whenever it was added: a blocked request never reaches it. WebSocket and other upgrades are answered on the wire. Begins to follow
 * the store. Returns what takes the guard away again; idempotent.
 *
 * A request whose exemption depends on who asks is passed on when it carries a cookie or an `Authorization` header and a framework's
 * middleware holds the same gate; it must then be mounted before all routes. Without one, `getUser` is asked with the bare request.
 *
 * Throws `ERR_INVALID_OPTION` for what is not a server or not a gate.
 */
export function guard(server: Server, gate: Gate): () => void {
  requireServer(server);
  requireGate("guard", gate);
  gate.start();
  let active = true;
  const wasOwn = Object.hasOwn(server, "emit");
  const { emit }: EventEmitter = server;

  // In place of the server's own `emit`, because listeners come and go, and what is added later must be behind the guard too.
  const guarded = (...values: [event: string | symbol, ...rest: unknown[]]): boolean => {
    const [event, request, second] = values;
    if (gate.snapshot.passAll || !active) {
      // As a request comes. Calling with a list would cost forty times as much.
      return values.length === 3 ? emit.call(server, event, request, second) : Reflect.apply(emit, server, values);
    }
    if (!isRequest(request) || isDecided(gate, request)) return Reflect.apply(emit, server, values);
    const proceed = (): void => void Reflect.apply(emit, server, values);
    if (REQUEST_EVENTS.has(event) && isResponse(second)) meetRequest(gate, request, second, proceed);
    else if (UPGRADE_EVENTS.has(event) && second instanceof Duplex) void meetUpgrade(gate, request, second, proceed);
    else return Reflect.apply(emit, server, values);
    return true;
  };
  server.emit = guarded;

  return () => {
    active = false;
    // Whoever has wrapped it since goes on calling it, and it passes everything.
    if (server.emit !== guarded) return;
    if (wasOwn) server.emit = emit;
    else Reflect.deleteProperty(server, "emit");
  };
}

/**
 * A listener that serves `admin` below its `basePath`, and leaves everything else to `otherwise`, which by default answers 404:
 * `createServer(nodeAdmin(admin, app))`. Throws `ERR_INVALID_OPTION` for what is not an admin.
 */
export function nodeAdmin(admin: MountableAdmin, otherwise: RequestListener = notFound): RequestListener {
  requireAdmin("nodeAdmin", admin);
  return (request, response) => {
    const target = request.url ?? "";
    if (isForAdmin(admin, target)) void answerWithAdmin(admin, request, response, target);
    else otherwise(request, response);
  };
}

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

/** A framework's app is no server, though some can emit. */
function requireServer(server: unknown): void {
  if (server instanceof EventEmitter && "listen" in server) return;
  throw new MaintenanceError("ERR_INVALID_OPTION", `guard: ${kindOf(server)} is not a server.`, {
    hint: "Give it what createServer(app) or app.listen(port) returned.",
  });
}
