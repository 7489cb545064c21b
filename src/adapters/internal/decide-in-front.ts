import type { Gate } from "../../gate.ts";
import { hasInside } from "./arrangement.ts";
import type { AskableFacts } from "./askable-facts.ts";
import { type Decided, decideAnonymous, resolveDeferred } from "./resolve-deferred.ts";

/**
 * Decides before the framework has seen the request. What only the application can tell is left to the inside middleware
 * (`"pass-on"`) when there is one; where there is none, `getUser` and `classify` are asked with the bare request.
 */
export function decideInFront(
  gate: Gate,
  facts: AskableFacts,
  request: object,
): Decided | "pass-on" | Promise<Decided> {
  const decision = gate.decide(facts);
  if (decision.outcome !== "defer") return decision;
  if (!hasInside(gate)) return resolveDeferred(gate, facts, request);
  return decision.needs === "operation" || carriesSession(facts) ? "pass-on" : decideAnonymous(gate, facts);
}

/** Who sends neither is signed in nowhere, and need not be let through to the application to find out. */
function carriesSession(facts: AskableFacts): boolean {
  return facts.header("cookie") !== undefined || facts.header("authorization") !== undefined;
}
