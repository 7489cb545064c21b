import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestSource } from "../../engine/answer/ready-answers.ts";
import { headerPairs, type ResponsePlan } from "../../engine/answer/response-plan.ts";
import type { Block, Defer } from "../../engine/decide/decision.ts";
import { messageOf } from "../../errors.ts";
import { enterWork, uncount } from "../../gate/counted.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { type Ahead, lookAhead } from "../express/look-ahead.ts";
import type { ExpressApp } from "../express/stack.ts";
import { viewsOf } from "../express/view.ts";
import {
  confirmDecision,
  countsAsAnonymous,
  decideByAsking,
  decideWithoutAsking,
  type FinalDecision,
  findUser,
  isAnonymousAtOnce,
} from "../shared/decide-by-asking.ts";
import { hasInside } from "../shared/decided-requests.ts";
import { isLeftToInside, reportMissingInside, withoutQuery } from "../shared/report-order.ts";
import { hasForcedOpen } from "../shared/route-mark.ts";
import { hasView, withView } from "../shared/view.ts";
import { answerNode, passOrAnswer } from "./answer.ts";
import { countRequest, countSocket } from "./count-request.ts";
import { NodeFacts } from "./facts.ts";
import { answerReady } from "./ready.ts";
import { UndecidedRequest } from "./undecided-request.ts";

/** A request that the guard decides before the application gets it. */
export interface FrontRequest {
  readonly gate: GateInternals;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Returns the Express app, if it is the only listener of the server, else `null`. */
  readonly app: () => ExpressApp | null;
  /** Passes the request to the application. */
  readonly proceed: () => void;
}

/** Answers a request that is like one that was blocked before. Returns false for any other request: then `guardRequest` decides. */
export function answerFront(
  gate: GateInternals,
  source: RequestSource<IncomingMessage>,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  try {
    return answerReady(gate, source, request, response, request.url ?? "");
  } catch (error) {
    cutOff(gate, response, frontFacts(gate, request), error);
    return true;
  }
}

/** Returns what finds out more about the requests of a server. */
export function frontSource(gate: GateInternals): RequestSource<IncomingMessage> {
  return {
    processed: false,
    address: (request) => frontFacts(gate, request).address,
    // With middleware inside the application, it is not certain where the user is asked for.
    isAnonymous: (request) => !hasInside(gate) && isAnonymousAtOnce(gate, request),
  };
}

function frontFacts(gate: GateInternals, request: IncomingMessage): NodeFacts {
  const facts = new NodeFacts(request, request.url ?? "", gate);
  facts.processed = false;
  return facts;
}

/** Decides on a request and carries out the decision: synchronously, unless the gate waits for the first state. */
export function guardRequest(front: FrontRequest): void {
  const settling = front.gate.settle();
  if (settling === null) guardSettled(front);
  else {
    countWaiting(front);
    whenKnown(front, settling, () => guardSettled(front));
  }
}

/** Counts a request from its arrival, although it may be blocked. */
function countWaiting({ gate, request, response }: FrontRequest): void {
  countRequest(gate, request, response, "waiting");
}

function guardSettled(front: FrontRequest): void {
  const { gate, request } = front;
  const facts = frontFacts(gate, request);
  const marked = hasForcedOpen() ? front.app() : null;
  const ahead = marked === null ? null : lookAhead(gate, marked, facts);
  if (ahead?.isOpen) facts.route = "forced-open";
  const decision = gate.decide(facts);
  if (marked !== null && ahead !== null && decision.outcome === "allow" && decision.reason === "route-forced-open") {
    leaveToRoutes(front, marked, facts, ahead);
  } else if (decision.outcome === "defer" && countsAsAnonymous(gate, decision)) {
    carryOut(front, facts, decideWithoutAsking(gate, facts));
  } else if (decision.outcome === "defer") {
    const app = marked ?? front.app();
    const found = ahead ?? lookAhead(gate, app, facts);
    const isInside = app !== null && found.hasInside && isLeftToInside(gate, app, facts.method);
    if (!isInside) {
      if (decision.needs === "operation" || carriesSession(facts)) reportMissingInside(gate, facts);
      countWaiting(front);
      whenKnown(front, decideByAsking(gate, facts, request), (decided) => carryOut(front, facts, decided));
    } else if (decision.needs === "operation" || carriesSession(facts)) leaveToApp(front, app, facts, found);
    else carryOut(front, facts, decideWithoutAsking(gate, facts));
  } else {
    if (decision.outcome === "block" && hasForcedOpen() && marked === null) reportMissingInside(gate, facts);
    carryOut(front, facts, decision);
  }
}

/** Passes an undecided request to the app: the middleware there, or a marked route, comes before any other handler that could answer. */
function leaveToApp(front: FrontRequest, app: ExpressApp, facts: NodeFacts, { marked, hasInside }: Ahead): void {
  const { gate, request, response, proceed } = front;
  facts.processed = undefined;
  const isOpen = facts.route === "forced-open";
  new UndecidedRequest({ gate, app, request, response, facts, isOpen, marked, hasInside });
  countRequest(gate, request, response, "open");
  proceed();
}

/** A marked route may call `next`. The user must be known by then, because that call cannot wait. */
function leaveToRoutes(front: FrontRequest, app: ExpressApp, facts: NodeFacts, ahead: Ahead): void {
  const { gate, request } = front;
  if (ahead.hasInside || gate.options.exempt.users === null) leaveToApp(front, app, facts, ahead);
  else {
    countWaiting(front);
    whenKnown(front, findUser(gate, request, false), (user) => {
      facts.user = user;
      leaveToApp(front, app, facts, ahead);
    });
  }
}

function carryOut(front: FrontRequest, facts: NodeFacts, decision: FinalDecision): void {
  const { gate, request, response, proceed } = front;
  let passes = false;
  try {
    const app = decision.outcome === "block" && hasView(gate) ? front.app() : null;
    if (decision.outcome === "block" && app !== null) answerWithView(front, app, facts, decision);
    else passes = passOrAnswer(gate, decision, facts, request, response);
    if (decision.outcome === "block") gate.keepAnswer(request, facts);
  } catch (error) {
    cutOff(gate, response, facts, error);
  }
  if (passes) proceed();
}

function answerWithView(front: FrontRequest, app: ExpressApp, facts: NodeFacts, block: Block): void {
  const { gate, request, response } = front;
  uncount(request);
  const complete = withView(gate, block, facts, viewsOf(app), gate.plan(block, facts));
  whenKnown(front, complete, (plan) => {
    try {
      answerNode(request, response, plan, gate.options.clock);
    } catch (error) {
      cutOff(gate, response, facts, error);
    }
  });
}

/** Whether the client may be signed in: it sends a cookie or credentials. */
function carriesSession(facts: NodeFacts): boolean {
  return facts.header("cookie") !== undefined || facts.header("authorization") !== undefined;
}

/** Does the same for an upgrade, on the bare socket. It is always decided here, because no middleware sees it. */
export async function guardUpgrade(
  gate: GateInternals,
  request: IncomingMessage,
  socket: Duplex,
  proceed: () => void,
): Promise<void> {
  const heedErrors = ignoreErrors(socket);
  countSocket(gate, request, socket);
  await gate.settle();
  const facts = new NodeFacts(request, request.url ?? "", gate);
  const first = gate.decide(facts);
  const decision = first.outcome === "defer" ? await decideDeferred(gate, first, facts, request) : first;
  if (decision.outcome === "block") refuse(decision);
  else if (!socket.destroyed) queueMicrotask(enter);

  function enter(): void {
    const confirmed = confirmDecision(gate, facts, decision);
    if (confirmed.outcome === "block") refuse(confirmed);
    else {
      heedErrors();
      enterWork(gate, request, confirmed);
      proceed();
    }
  }

  function refuse(block: Block): void {
    uncount(request);
    try {
      refuseUpgrade(socket, gate.plan(block, facts));
    } catch (error) {
      reportFailure(gate, facts, error);
      socket.destroy();
    }
  }
}

async function decideDeferred(
  gate: GateInternals,
  defer: Defer,
  facts: NodeFacts,
  request: IncomingMessage,
): Promise<FinalDecision> {
  return countsAsAnonymous(gate, defer) ? decideWithoutAsking(gate, facts) : await decideByAsking(gate, facts, request);
}

/** There is no caller to catch this: never crash the process, and never fall through to the application. */
function cutOff(gate: GateInternals, response: ServerResponse, facts: NodeFacts, error: unknown): void {
  reportFailure(gate, facts, error);
  response.destroy();
}

function reportFailure({ options }: GateInternals, { method, target }: NodeFacts, error: unknown): void {
  options.logger.error(
    `${method} ${withoutQuery(target)} could not be answered, so its connection was closed: ${messageOf(error)}`,
  );
}

/**
 * Calls `next` after a wait if the client is still connected. That is read from the response: a request is destroyed when its body has
 * been read. In a microtask of its own, so that an error of the application is an uncaught exception, as without a guard, and not an
 * unhandled rejection.
 */
function whenKnown<Value>({ response }: FrontRequest, waited: Promise<Value>, next: (value: Value) => void): void {
  void waited.then((value) => {
    const stream: unknown = Reflect.get(response, "stream");
    const isGone =
      response.destroyed || (typeof stream === "object" && Reflect.get(stream ?? {}, "destroyed") === true);
    if (!isGone) queueMicrotask(() => next(value));
  });
}

/** Writes the answer to the bare socket of an upgrade (RFC 9110 section 7.8), and closes it. */
function refuseUpgrade(socket: Duplex, { status, headers, body }: ResponsePlan): void {
  // Other reason phrases are in `node:http`. Importing it as a value loads much of Node, and clients ignore them.
  const lines = [`HTTP/1.1 ${status} ${status === 503 ? "Service Unavailable" : ""}`];
  for (const [name, value] of headerPairs(headers)) lines.push(`${name}: ${value}`);
  lines.push(`Date: ${new Date().toUTCString()}`, "Connection: close", "", body ?? "");
  socket.end(lines.join("\r\n"), () => socket.destroy());
}

/** Node has removed its own listeners from the socket: an `error` event without a listener would end the process. */
function ignoreErrors(socket: Duplex): () => void {
  const ignore = (): void => {};
  socket.on("error", ignore);
  return () => void socket.off("error", ignore);
}
