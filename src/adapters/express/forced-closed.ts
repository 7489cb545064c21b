import type { IncomingMessage, ServerResponse } from "node:http";
import { type GateInternals, gateInternals } from "../../gate/internals.ts";
import { createGate } from "../../gate.ts";
import { NodeFacts } from "../node/facts.ts";
import { decideWithoutAsking } from "../shared/decide-by-asking.ts";
import { answerBlocked } from "./decide.ts";
import { gateOfFlag } from "./template-flag.ts";
import type { Rendering } from "./view.ts";

type Handler = (...values: never[]) => unknown;
type Request = IncomingMessage & { readonly originalUrl: string };
type Response = ServerResponse & Rendering & { readonly locals: Readonly<Record<string, unknown>> };
type Values = [...error: unknown[], Request, Response, next: (error?: unknown) => void];

let defaultGate: GateInternals | null = null;

/**
 * Returns a proxy of `handler`, which may be a router or an app. It answers every request as a closed site does: with the gate that is
 * given, else with that of the middleware before it, else with one that has default options and follows no store.
 */
export function forceClosed<Closed extends Handler>(handler: Closed, given: GateInternals | null): Closed {
  const call = (self: unknown, values: Values): void => {
    const [request, response, next] = values.slice(-3) as [Request, Response, (error?: unknown) => void];
    answer(request, response, given)
      .then((isAnswered) => (isAnswered ? undefined : Reflect.apply(handler, self, values)))
      .catch((error: unknown) => next(error));
  };
  const handle = function (this: unknown, ...values: Values): void {
    call(this, values);
  };
  return new Proxy(handler, {
    apply: (_handler, self, values: Values) => call(self, values),
    // Express calls this method of a mounted app.
    get: (target, key, receiver) => (key === "handle" && key in target ? handle : Reflect.get(target, key, receiver)),
  });
}

function plainGate(): GateInternals {
  defaultGate ??= gateInternals(createGate());
  return defaultGate;
}

/** Returns false for operator paths: the handler answers those. */
async function answer(request: Request, response: Response, given: GateInternals | null): Promise<boolean> {
  const following = given ?? gateOfFlag(response.locals?.maintenance);
  await following?.settle();
  const gate = following ?? plainGate();
  const facts = new NodeFacts(request, request.originalUrl, gate);
  facts.route = "forced-closed";
  const decision = decideWithoutAsking(gate, facts);
  if (decision.outcome !== "block") return false;
  await answerBlocked(gate, decision, facts, request, response);
  return true;
}
