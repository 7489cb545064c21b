import type { IncomingMessage } from "node:http";
import type { Gate } from "../../gate.ts";
import { handedOver, markDecided } from "./arrangement.ts";
import { answerBlocked } from "./express-answer.ts";
import type { Layer } from "./express-layer.ts";
import type { LookAhead } from "./express-look-ahead.ts";
import { letThrough } from "./express-passage.ts";
import type { Rendering } from "./express-view.ts";
import { NodeFacts } from "./node-facts.ts";
import { passOrAnswer } from "./pass-or-answer.ts";
import { decideAnonymous, findUser, resolveDeferred } from "./resolve-deferred.ts";
import { hasForcedOpen } from "./route-mark.ts";

/** A request of Express, inside an app: what deciding on it takes. */
export interface InsideRequest {
  readonly gate: Gate;
  readonly request: IncomingMessage & { readonly originalUrl: string };
  readonly response: Rendering;
  readonly lookAhead: LookAhead;
}

/** Decides on a request and carries that out. True: it passes, and the application answers. */
export async function decideInside(inside: InsideRequest): Promise<boolean> {
  const { gate, request, response, lookAhead } = inside;
  await gate.settle();
  const facts = new NodeFacts(request, request.originalUrl, gate);
  const handed = handedOver(gate, request);
  if (handed !== undefined) {
    await answerBlocked(gate, handed.block, handed.plan, facts, request, response);
    return false;
  }
  const layer = hasForcedOpen() ? lookAhead(facts.method, facts.target) : null;
  facts.route = layer === null ? undefined : "forced-open";
  const decision = await resolveDeferred(gate, facts, request);
  const opens = decision.outcome === "allow" && decision.reason === "route-forced-open";
  // In case it is not the route that answers: by then there is no time to ask.
  if (opens && gate.options.exempt.users !== null) facts.user = await findUser(gate, request, false);
  // Another has answered in the meantime, a timeout perhaps: nothing is left to say.
  if (response.headersSent) return false;
  if (layer !== null && opens) {
    openRoute(inside, facts, layer);
    return true;
  }
  if (decision.outcome !== "block") return passOrAnswer(gate, decision, facts, request, response);
  await answerBlocked(gate, decision, gate.plan(decision, facts), facts, request, response);
  return false;
}

function openRoute({ gate, request, response, lookAhead }: InsideRequest, facts: NodeFacts, layer: Layer): void {
  markDecided(gate, request);
  const lookAgain = (passed: ReadonlySet<Layer>): Layer | null => lookAhead(facts.method, facts.target, passed);
  letThrough(request, response, layer, lookAgain, () => {
    facts.route = undefined;
    const decision = decideAnonymous(gate, facts);
    // What has been set by now describes an answer that nobody gets.
    if (decision.outcome !== "allow") for (const name of response.getHeaderNames()) response.removeHeader(name);
    return passOrAnswer(gate, decision, facts, request, response);
  });
}
