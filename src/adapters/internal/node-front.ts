import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { messageOf } from "../../errors.ts";
import type { Gate } from "../../gate.ts";
import { decideInFront } from "./decide-in-front.ts";
import { decideLate } from "./decide-late.ts";
import { NodeFacts } from "./node-facts.ts";
import { ignoreErrors, refuseUpgrade, UpgradeFacts } from "./node-upgrade.ts";
import { passOrAnswer } from "./pass-or-answer.ts";
import { type Decided, resolveDeferred } from "./resolve-deferred.ts";
import { withholdUndecided } from "./withhold-undecided.ts";
import { withoutQuery } from "./without-query.ts";

/** Answers a request in front of the application, or calls `proceed`: at once, unless something has to be waited for. */
export function meetRequest(gate: Gate, request: IncomingMessage, response: ServerResponse, proceed: () => void): void {
  const settling = gate.settle();
  if (settling === null) decideOn(gate, request, response, proceed);
  else void settling.then(() => unlessGone(request, () => decideOn(gate, request, response, proceed)));
}

function decideOn(gate: Gate, request: IncomingMessage, response: ServerResponse, proceed: () => void): void {
  const facts = new NodeFacts(request, request.url ?? "", gate);
  const passes = (decided: Decided): boolean => {
    try {
      return passOrAnswer(gate, decided, facts, request, response);
    } catch (error) {
      reportFailure(gate, facts, error);
      response.destroy();
      return false;
    }
  };
  const decision = decideInFront(gate, facts, request);
  if (decision === "pass-on") {
    withholdUndecided(response, () => {
      const late = decideLate(gate, facts, request);
      if (late === null) return true;
      // What the application has set so far describes its own answer: a coding, a session.
      if (late.outcome !== "allow") for (const name of response.getHeaderNames()) response.removeHeader(name);
      return passes(late);
    });
    proceed();
  } else if (decision instanceof Promise) {
    void decision.then((found) => unlessGone(request, () => passes(found) && proceed()));
  } else if (passes(decision)) proceed();
}

/** The same for an upgrade, on the bare socket. Nobody inside sees it, so that it is always decided here. */
export async function meetUpgrade(
  gate: Gate,
  request: IncomingMessage,
  socket: Duplex,
  proceed: () => void,
): Promise<void> {
  const heedErrors = ignoreErrors(socket);
  await gate.settle();
  const facts = new UpgradeFacts(request, request.url ?? "", gate);
  const decision = await resolveDeferred(gate, facts, request);
  if (decision.outcome !== "block") {
    unlessGone(socket, () => {
      heedErrors();
      proceed();
    });
    return;
  }
  try {
    refuseUpgrade(socket, gate.plan(decision, facts));
  } catch (error) {
    reportFailure(gate, facts, error);
    socket.destroy();
  }
}

/** Nobody stands above a server to catch what is thrown here: it must not end the process, and lets nobody in. */
function reportFailure({ options }: Gate, { method, target }: NodeFacts, error: unknown): void {
  options.logger.error(`${method} ${withoutQuery(target)} could not be answered, and was cut off: ${messageOf(error)}`);
}

/**
 * Goes on after a wait. In a microtask of its own, where an error of the application stays the uncaught exception that it is
 * without a guard, and does not become the rejection of a promise of ours.
 */
function unlessGone(client: { readonly destroyed: boolean }, next: () => unknown): void {
  if (!client.destroyed) queueMicrotask(next);
}
