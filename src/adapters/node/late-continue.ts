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
 * Without a listener Node would send `100 Continue` before the gate has decided. `begin` sends it, or sees to it. Returns a function that
 * removes the listener.
 */
export function continueLate(server: EventEmitter, begin: Continue): () => void {
  const listener: Continue = (request, response) => {
    const [first, ...others] = server.listeners("checkContinue");
    // The application's own does all of this; of several of ours the first.
    if (first !== listener || !others.every(isOwnContinue)) return;
    begin(request, response);
    server.emit("request", request, response);
  };
  ownContinues.add(listener);
  server.on("checkContinue", listener);
  return () => void server.off("checkContinue", listener);
}

/** Sends `100 Continue` to a request that was not asked for its body yet. */
const pending = new WeakMap<object, () => void>();

/**
 * For middleware, which knows its server by the first request only: from the next one on a client that expects `100 Continue` gets it
 * once the gate lets it pass, or once something reads the body.
 */
export function continueInside(gate: GateInternals): (request: IncomingMessage) => void {
  let known: unknown;
  return ({ socket }) => {
    const server = serverOf(socket);
    if (server === known) return;
    known = server;
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

/** Asks for the body of a request that passes, unless that was done. */
export function continueNow(request: object): void {
  const send = pending.get(request);
  pending.delete(request);
  send?.();
}

/** The server of a connection. Without its class: this file is loaded where there is no Node, too. */
export function serverOf(socket: object): EventEmitter | null {
  const server: unknown = Reflect.get(socket, "server");
  return isEmitter(server) ? server : null;
}

function isEmitter(value: unknown): value is EventEmitter {
  return typeof value === "object" && value !== null && "listeners" in value && "listenerCount" in value;
}
