import type { IncomingMessage } from "node:http";
import type { Block } from "../../engine/decision.ts";
import type { ResponsePlan } from "../../engine/response-plan.ts";
import type { Gate } from "../../gate.ts";
import { markDecided } from "./arrangement.ts";
import { type Rendering, withView } from "./express-view.ts";
import { answerNode } from "./node-answer.ts";
import type { NodeFacts } from "./node-facts.ts";

/** Answers a blocked request, with the application's view where one is configured. */
export async function answerBlocked(
  gate: Gate,
  block: Block,
  plan: ResponsePlan,
  facts: NodeFacts,
  request: IncomingMessage,
  response: Rendering,
): Promise<void> {
  markDecided(gate, request);
  const complete = await withView(gate, block, facts, response, plan);
  // Another has answered in the meantime, a timeout perhaps: nothing is left to say.
  if (!response.headersSent) answerNode(request, response, complete, gate.options.clock);
}
