import type { Gate } from "../../gate.ts";
import { isDecided, markDecided } from "./arrangement.ts";
import type { AskableFacts } from "./askable-facts.ts";
import { type Decided, decideAnonymous } from "./resolve-deferred.ts";
import { withoutQuery } from "./without-query.ts";

/**
 * For a request that the front passed on and that the application now answers: `null` when the inside middleware has decided on it.
 * When it never saw it (mounted after the routes, under a prefix, in another server), the request must not get in for that.
 */
export function decideLate(gate: Gate, facts: AskableFacts, request: object): Decided | null {
  if (isDecided(gate, request)) return null;
  markDecided(gate, request);
  facts.route = undefined;
  const decision = decideAnonymous(gate, facts);
  if (decision.outcome === "block") {
    gate.options.logger.error(
      `${facts.method} ${withoutQuery(facts.target)} was answered before the maintenance middleware saw it, and the answer was withheld. Mount it before all routes.`,
    );
  }
  return decision;
}
