import { mayCarryToken, presentedTokens } from "../bypass/access-token.ts";
import type { GuessLimiter } from "../bypass/guess-limiter.ts";
import type { Clock } from "../clock.ts";
import { decide } from "./decide.ts";
import { decideOpen } from "./decide-open.ts";
import type { Decision } from "./decision.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * `decide`, for a client that may try only so many tokens: after that the ones it presents are not looked at. Asks for the time only
 * where something is closed: it costs more than all that an open site needs.
 */
export function decideLimited(
  facts: RequestFacts,
  snapshot: Snapshot,
  clock: Pick<Clock, "now">,
  guesses: GuessLimiter,
): Decision {
  const open = decideOpen(facts, snapshot);
  if (open !== null) return open;
  const now = clock.now();
  const presented = mayCarryToken(facts.target) ? presentedTokens(facts.target) : null;
  if (presented === null) return decide(facts, snapshot, now);
  if (guesses.isExhausted(facts.address, now)) return decide(withTarget(facts, presented.rest), snapshot, now);
  const decision = decide(facts, snapshot, now);
  if (decision.outcome === "block") guesses.fail(facts.address, now);
  return decision;
}

function withTarget(facts: RequestFacts, target: string): RequestFacts {
  return {
    method: facts.method,
    host: facts.host,
    otherHosts: facts.otherHosts,
    target,
    get address() {
      return facts.address;
    },
    user: facts.user,
    operation: facts.operation,
    route: facts.route,
    header: (name) => facts.header(name),
  };
}
