import type { IncomingMessage, ServerResponse } from "node:http";
import type { Gate } from "../../gate.ts";
import { answerNode } from "../node/answer.ts";
import type { NodeFacts } from "../node/facts.ts";
import { markDecided } from "./decided-requests.ts";
import { markBypass } from "./mark-bypass.ts";
import type { Decided } from "./resolve-deferred.ts";

/** Carries out a decision. True: the request passes, and the application answers. */
export function passOrAnswer(
  gate: Gate,
  decision: Decided,
  facts: NodeFacts,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (decision.outcome === "allow") {
    markDecided(gate, request);
    if (decision.bypass) markBypass(response, decision);
    return true;
  }
  answerNode(request, response, gate.plan(decision, facts), gate.options.clock);
  return false;
}
