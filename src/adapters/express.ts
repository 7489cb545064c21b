import type { IncomingMessage, ServerResponse } from "node:http";
import { createGate, type Gate } from "../gate.ts";
import { isDecided, registerInside } from "./internal/arrangement.ts";
import { NodeFacts } from "./internal/node-facts.ts";
import { passOrAnswer } from "./internal/pass-or-answer.ts";
import { requireGate } from "./internal/require-gate.ts";
import { resolveDeferred } from "./internal/resolve-deferred.ts";
import { TemplateFlag } from "./internal/template-flag.ts";

/** What is used of Express's request, 4 and 5 alike. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl: string;
}

/** What is used of Express's response. */
export interface ExpressResponse extends ServerResponse {
  readonly locals: Record<string, unknown>;
}

export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Middleware for Express 4 and 5: after the session, so that `getUser` knows the user, and before all routes. Begins to follow the
 * store. Templates find `maintenance.isClosed`, `.mode` and `.site`. Without a gate it makes one with default options.
 * Throws `ERR_INVALID_OPTION` for what is not a gate.
 */
export function expressMaintenance(gate: Gate = createGate()): ExpressMiddleware {
  requireGate("expressMaintenance", gate);
  registerInside(gate);
  gate.start();

  function enter(request: ExpressRequest, response: ExpressResponse, next: (error?: unknown) => void): void {
    decideInside(gate, request, response).then(
      (passes) => {
        if (passes) next();
      },
      (error: unknown) => next(error),
    );
  }

  return (request, response, next) => {
    response.locals.maintenance = new TemplateFlag(gate, request.headers.host);
    if (gate.snapshot.passAll || isDecided(gate, request)) next();
    else enter(request, response, next);
  };
}

/** True: the request passes. */
async function decideInside(gate: Gate, request: ExpressRequest, response: ExpressResponse): Promise<boolean> {
  await gate.settle();
  const facts = new NodeFacts(request, request.originalUrl, gate.options.trustProxy);
  const decision = await resolveDeferred(gate, facts, request);
  // Another has answered in the meantime, a timeout perhaps: nothing is left to say.
  if (response.headersSent) return false;
  return passOrAnswer(gate, decision, facts, request, response);
}
