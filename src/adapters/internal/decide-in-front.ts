import type { Gate } from "../../gate.ts";
import { handOver, insidesOf } from "./arrangement.ts";
import type { AskableFacts } from "./askable-facts.ts";
import { type Decided, decideAnonymous, resolveDeferred } from "./resolve-deferred.ts";
import { hasForcedOpen } from "./route-mark.ts";
import { viewFor } from "./view-for.ts";

/**
 * Decides before the framework has seen the request. What only the application can tell, or answer, is left to the inside middleware
 * (`"pass-on"`) when there is one; where there is none, `getUser` and `classify` are asked with the bare request.
 */
export function decideInFront(
  gate: Gate,
  facts: AskableFacts,
  request: object,
): Decided | "pass-on" | Promise<Decided> {
  const isOpenRoute = lookAhead(gate, facts);
  if (isOpenRoute === "unknown") return "pass-on";
  facts.route = isOpenRoute ? "forced-open" : undefined;
  let decision = gate.decide(facts);
  // The inside sees to it that it is this route that answers.
  if (isOpenRoute && decision.outcome === "allow" && decision.reason === "route-forced-open") return "pass-on";
  const hasInside = insidesOf(gate).length > 0;
  if (decision.outcome === "defer") {
    if (!hasInside) return resolveDeferred(gate, facts, request);
    if (decision.needs === "operation" || carriesSession(facts)) return "pass-on";
    decision = decideAnonymous(gate, facts);
  }
  if (decision.outcome === "block" && hasInside && "view" in (gate.options.template ?? {})) {
    const plan = gate.plan(decision, facts);
    if (viewFor(gate, plan) !== null) {
      handOver(gate, request, { block: decision, plan });
      return "pass-on";
    }
  }
  return decision;
}

/** Whether a route inside that is forced open will answer. `"unknown"`: none of its requests has shown the app yet. */
function lookAhead(gate: Gate, { method, target }: AskableFacts): boolean | "unknown" {
  if (!hasForcedOpen()) return false;
  const insides = insidesOf(gate);
  if (insides.some((inside) => inside.lookAhead?.(method, target))) return true;
  return insides.some((inside) => inside.lookAhead === null) ? "unknown" : false;
}

/** Who sends neither is signed in nowhere, and need not be let through to the application to find out. */
function carriesSession(facts: AskableFacts): boolean {
  return facts.header("cookie") !== undefined || facts.header("authorization") !== undefined;
}
