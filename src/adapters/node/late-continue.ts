import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { GateInternals } from "../../gate/internals.ts";
import { isDecided } from "../shared/decided-requests.ts";
import { continueWhenRead } from "./withhold-answer.ts";

type Continue = (request: IncomingMessage, response: ServerResponse) => void;

const ownContinues = new WeakSet<object>();

export function isOwnContinue(listener: object): boolean {
  return ownContinues.has(listener);
}

/**
 * Adds a listener for `checkContinue`: without one, Node sends `100 Continue` before the gate has decided. `begin` sends it, or arranges
 * that it is sent. Returns a function that removes the listener.
 */
export function continueLate(server: EventEmitter, begin: Continue): () => void {
  const listener: Continue = (request, response) => {
    const [first, ...others] = server.listeners("checkContinue");
    // A listener of the application does all of this itself. Of several gates, the first listener does.
    if (first !== listener || !others.every(isOwnContinue)) return;
    begin(request, response);
    server.emit("request", request, response);
  };
  ownContinues.add(listener);
  server.on("checkContinue", listener);
  return () => void server.off("checkContinue", listener);
}

/** Functions that send `100 Continue`, by request that waits for it. */
const pending = new WeakMap<object, () => void>();

/**
 * Returns a function that middleware calls for each request. Middleware learns its server from the first request; from the next one on, a
 * client that expects `100 Continue` gets it when the gate lets the request pass, or when its body is read.
 */
export function continueInside(gate: GateInternals): (request: IncomingMessage) => void {
  let known: unknown;
  return ({ socket }) => {
    const named = "server" in socket ? socket.server : undefined;
    if (named === known) return;
    known = named;
    const server = serverOf(socket);
    if (server === null || server.listenerCount("checkContinue") > 0) return;
    continueLate(server, (request, response) => {
      if (gate.snapshot.passAll || isDecided(gate, request)) {
        response.writeContinue();
        return;
      }
      pending.set(request, () => {
        if (!response.headersSent) response.writeContinue();
      });
      continueWhenRead(request, response, () => continueNow(request));
    });
  };
}

/** Sends `100 Continue` to a request that passes, if it was not sent. */
export function continueNow(request: object): void {
  const send = pending.get(request);
  pending.delete(request);
  send?.();
}

/** Returns the server of a connection. Does not use its class: this file is also loaded in runtimes without Node. */
export function serverOf(socket: object): EventEmitter | null {
  const server: unknown = Reflect.get(socket, "server");
  return isEmitter(server) ? server : null;
}

function isEmitter(value: unknown): value is EventEmitter {
  return typeof value === "object" && value !== null && "listeners" in value && "listenerCount" in value;
}
