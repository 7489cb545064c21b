import type { Decision, Defer } from "../../engine/decision.ts";
import { ANONYMOUS, type Operation, type UserFacts } from "../../engine/request-facts.ts";
import { defaultUser, isToBeLoggedOut, userFacts } from "../../engine/user-facts.ts";
import { messageOf } from "../../errors.ts";
import type { Gate } from "../../gate.ts";
import type { AskableFacts } from "./askable-facts.ts";
import { logOut } from "./log-out.ts";

/** What can be carried out. */
export type Decided = Exclude<Decision, Defer>;

/**
 * Asks the application what a decision depends on, with the framework's own `request`, and decides. Never rejects: an application
 * that fails to answer is reported, and then it is nobody who asks, and no reading.
 */
export async function resolveDeferred(gate: Gate, facts: AskableFacts, request: object): Promise<Decided> {
  for (;;) {
    const decision: Decision = gate.decide(facts);
    if (decision.outcome !== "defer") return decision;
    if (decision.needs === "user") {
      facts.user = decision.mode === "read-only" ? await askUser(gate, request) : await findUser(gate, request, true);
    } else facts.operation = await askOperation(gate, request);
  }
}

/** Decides without asking anybody: for whoever carries no session, and where nobody can be asked. */
export function decideAnonymous(gate: Gate, facts: AskableFacts): Decided {
  for (;;) {
    const decision: Decision = gate.decide(facts);
    if (decision.outcome !== "defer") return decision;
    if (decision.needs === "user") facts.user = anonymousFacts(gate);
    else facts.operation = null;
  }
}

/** Who asks. Whoever is of a kind to be logged out counts as anonymous; `ends`: and is logged out. */
export async function findUser(gate: Gate, request: object, ends: boolean): Promise<UserFacts> {
  const user = await askUser(gate, request);
  if (!isToBeLoggedOut(user, gate.options.logOut)) return user;
  if (ends) await logOut(gate.options, request);
  return anonymousFacts(gate);
}

async function askUser(gate: Gate, request: object): Promise<UserFacts> {
  const { getUser, exempt, logger } = gate.options;
  try {
    const user = (await getUser?.(request)) ?? defaultUser(request);
    return userFacts(user, exempt.users ?? { predicate: null });
  } catch (error) {
    logger.error(`getUser or exempt.users failed, and the request counts as anonymous: ${messageOf(error)}`);
    return ANONYMOUS;
  }
}

async function askOperation(gate: Gate, request: object): Promise<Operation | null> {
  const { readOnly, logger } = gate.options;
  try {
    return (await readOnly.classify?.(request)) ?? null;
  } catch (error) {
    logger.error(`readOnly.classify failed, and the request counts as writing: ${messageOf(error)}`);
    return null;
  }
}

/** Nobody, as the application's own predicate sees nobody. */
function anonymousFacts({ options }: Gate): UserFacts {
  if (options.exempt.users === null) return ANONYMOUS;
  try {
    return userFacts(undefined, options.exempt.users);
  } catch (error) {
    options.logger.error(`exempt.users failed for an anonymous request: ${messageOf(error)}`);
    return ANONYMOUS;
  }
}
