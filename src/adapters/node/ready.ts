import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestSource } from "../../engine/answer/ready-answers.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { hasForcedOpen } from "../shared/route-mark.ts";
import { hasView } from "../shared/view.ts";
import { answerNode } from "./answer.ts";

/**
 * Answers a request that is like one that was blocked before, at once and without the objects that deciding needs. Returns false for any
 * other request. `target` must be as received.
 */
export function answerReady(
  gate: GateInternals,
  source: RequestSource<IncomingMessage>,
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
): boolean {
  if (hasForcedOpen() || hasView(gate) || gate.settle() !== null || response.headersSent) return false;
  // Middleware that replaces these methods may read what is written, and expects text.
  const { end, write }: Pick<ServerResponse, "end" | "write"> = Object.getPrototypeOf(response);
  const encoding = response.end === end && response.write === write ? "latin1" : "utf8";
  const plan = gate.readyAnswer(request, target, source, encoding);
  if (plan === null) return false;
  answerNode(request, response, plan, gate.options.clock, encoding);
  return true;
}
