import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Allow } from "../../engine/decide/decision.ts";
import type { RequestFacts } from "../../engine/decide/request-facts.ts";
import { messageOf } from "../../errors.ts";
import { RequestWork } from "../../fleet/work.ts";
import { beginWork, firstWorkOf, workOf } from "../../gate/counted.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { NodeFacts } from "./facts.ts";

class NodeWork extends RequestWork {
  readonly kind: "request" | "socket";
  readonly #gate: GateInternals;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse | null;
  readonly #target: string;

  constructor(gate: GateInternals, request: IncomingMessage, response: ServerResponse | null, target: string) {
    super();
    this.kind = response === null ? "socket" : "request";
    this.#gate = gate;
    this.#request = request;
    this.#response = response;
    this.#target = target;
  }

  describe(): RequestFacts {
    return new NodeFacts(this.#request, this.#target, this.#gate);
  }

  hasBegun(): boolean {
    return this.#response?.headersSent !== false;
  }

  /** After the client has left, the end of the response causes no event. */
  hasEnded(): boolean {
    return this.leftAt !== null && (this.#response?.writableEnded === true || this.hasBegun());
  }

  destroy(): void {
    (this.#response ?? this.#request.socket).destroy();
  }
}

/**
 * Counts a request until its response is closed; once, however often it is called. `entry` is the decision with which the application gets
 * it, `"open"` without one, or `"waiting"` for a request that is not decided yet: then call it again, or `uncount`. A fault is logged, and
 * never keeps a request out.
 */
export function countRequest(
  gate: GateInternals,
  request: IncomingMessage,
  response: ServerResponse,
  entry: Allow | "open" | "waiting",
  target: string = request.url ?? "",
): void {
  const { underWay } = gate;
  if (underWay === null) return;
  try {
    const isFirst = firstWorkOf(request) === null;
    const known = isFirst ? null : workOf(gate, request);
    const work = known ?? new NodeWork(gate, request, response, target);
    if (entry !== "waiting") work.isEntered = true;
    if (typeof entry === "object") work.decision = entry;
    if (known !== null) return;
    beginWork(underWay, request, work);
    if (isFirst) watch(request, response);
  } catch (error) {
    reportFault(gate, error);
  }
}

/** Counts an upgraded connection until it is closed, also while it waits for its decision: then call `enterWork` or `uncount`. */
export function countSocket(gate: GateInternals, request: IncomingMessage, socket: Duplex): void {
  const { underWay } = gate;
  if (underWay === null) return;
  try {
    if (workOf(gate, request) !== null || socket.destroyed) return;
    const work = new NodeWork(gate, request, null, request.url ?? "");
    beginWork(underWay, request, work);
    socket.once("close", () => work.end());
  } catch (error) {
    reportFault(gate, error);
  }
}

function reportFault(gate: GateInternals, error: unknown): void {
  gate.options.logger.error(`A request is not counted as under way: ${messageOf(error)}`);
}

function watch(request: IncomingMessage, response: ServerResponse): void {
  // In HTTP/2 a response loses its request when it is closed.
  if (response.req === request && request.httpVersionMajor === 1) response.on("close", onClose);
  else response.on("close", () => leave(request, response));
  if (response.socket === null && request.httpVersionMajor === 1) watchConnection(request, response);
}

/** One function for all responses. */
function onClose(this: ServerResponse): void {
  leave(this.req, this);
}

function leave(request: IncomingMessage, response: ServerResponse): void {
  for (let work = firstWorkOf(request); work !== null; work = work.other) {
    if (!work.isEntered || response.writableEnded || response.headersSent) work.end();
    else work.list?.leave(work);
  }
}

/** By connection, the responses that wait for an earlier one on it. Before Node.js 24 they are not closed with their connection. */
const pipelined = new WeakMap<object, Set<ServerResponse>>();

function watchConnection(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  let waiting = pipelined.get(socket);
  if (waiting === undefined) {
    const all = new Set<ServerResponse>();
    socket.once("close", () => {
      for (const one of all) leave(one.req, one);
    });
    pipelined.set(socket, all);
    waiting = all;
  }
  waiting.add(response);
  const { size } = waiting;
  if (size > 1) for (const one of waiting) if (one.writableFinished) waiting.delete(one);
}
