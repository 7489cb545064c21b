import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestSource } from "../../engine/answer/ready-answers.ts";
import type { Block } from "../../engine/decide/decision.ts";
import { uncount } from "../../gate/counted.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { answerNode, passOrAnswer } from "../node/answer.ts";
import { countRequest } from "../node/count-request.ts";
import { NodeFacts } from "../node/facts.ts";
import { isOwnContinue, serverOf } from "../node/late-continue.ts";
import { UndecidedRequest, undecidedFor } from "../node/undecided-request.ts";
import { decideByAsking, findUser, isAnonymousAtOnce } from "../shared/decide-by-asking.ts";
import { decidesFor, markDecided } from "../shared/decided-requests.ts";
import { hasForcedOpen } from "../shared/route-mark.ts";
import { withView } from "../shared/view.ts";
import { lookAhead } from "./look-ahead.ts";
import { firstLayerOf, handlesOf, isExpressApp } from "./stack.ts";
import { type Rendering, viewsOf } from "./view.ts";

/** A request of Express, inside an app. */
export interface InsideRequest {
  readonly gate: GateInternals;
  readonly request: IncomingMessage & { readonly originalUrl: string; readonly app?: object | undefined };
  readonly response: ServerResponse & Rendering;
}

/** Returns what finds out more about requests inside an app. */
export function insideSource(gate: GateInternals): RequestSource<IncomingMessage> {
  return {
    processed: undefined,
    address: (request) => new NodeFacts(request, "", gate).address,
    isAnonymous: (request) => isAnonymousAtOnce(gate, request),
  };
}

/**
 * Decides on a request, and answers it if it is blocked. Otherwise returns a function to call in the turn in which the request passes: it
 * returns false if the request may no longer pass, and has been answered.
 */
export async function guardInside({ gate, request, response }: InsideRequest): Promise<(() => boolean) | null> {
  countRequest(gate, request, response, "waiting", request.originalUrl);
  await gate.settle();
  const { app } = request;
  const facts = new NodeFacts(request, request.originalUrl, gate);
  const ahead = hasForcedOpen() ? lookAhead(gate, app, facts) : null;
  if (ahead?.isOpen) facts.route = "forced-open";
  const decision = await decideByAsking(gate, facts, request);
  const isOpen = decision.outcome === "allow" && decision.reason === "route-forced-open";
  // The route may call `next`, which cannot wait for the user.
  if (isOpen && gate.options.exempt.users !== null) facts.user = await findUser(gate, request, false);
  // A timeout may have answered in the meantime.
  if (response.headersSent) return null;
  if (isOpen && isExpressApp(app)) {
    const marked = ahead?.marked ?? [];
    const known = undecidedFor(gate, request);
    if (known !== undefined) known.leaveToRoutes(facts, marked);
    else new UndecidedRequest({ gate, app, request, response, facts, isOpen, marked, hasInside: false });
    countRequest(gate, request, response, decision);
    return () => true;
  }
  if (decision.outcome !== "block") return () => passOrAnswer(gate, decision, facts, request, response);
  if (isFirst(gate, app, request)) facts.processed = false;
  await answerBlocked(gate, decision, facts, request, response);
  gate.keepAnswer(request, facts);
  return null;
}

/** Whether the middleware runs before all other code: the server's only listener is an app, and the middleware is mounted first in it. */
function isFirst(gate: GateInternals, app: unknown, { socket }: IncomingMessage): boolean {
  const server = serverOf(socket);
  if (server === null || !isExpressApp(app)) return false;
  const [listener, ...others]: readonly unknown[] = server.listeners("request");
  const first = firstLayerOf(app);
  const isAlone = listener === app && others.length === 0 && server.listeners("checkContinue").every(isOwnContinue);
  return (
    isAlone &&
    first !== undefined &&
    first.route === undefined &&
    handlesOf(first).some((handle) => decidesFor(gate, handle))
  );
}

/** Answers a blocked request, with the application's view where one is configured. */
export async function answerBlocked(
  gate: GateInternals,
  block: Block,
  facts: NodeFacts,
  request: IncomingMessage,
  response: ServerResponse & Rendering,
): Promise<void> {
  uncount(request);
  const plan = await withView(gate, block, facts, viewsOf(response), gate.plan(block, facts));
  markDecided(gate, request);
  if (!response.headersSent) answerNode(request, response, plan, gate.options.clock);
}
