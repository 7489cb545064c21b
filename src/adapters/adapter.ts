import type { IncomingMessage, ServerResponse } from "node:http";
import type { ResponsePlan } from "../engine/answer/response-plan.ts";
import type { Admit, Block } from "../engine/decide/decision.ts";
import type { RequestFacts } from "../engine/decide/request-facts.ts";
import { enterWork, uncount } from "../gate/counted.ts";
import { type AdapterGate, gateInternals } from "../gate/internals.ts";
import type { Gate } from "../gate.ts";
import { countFetchRequest, runCounted } from "./fetch/count-request.ts";
import { FetchFacts } from "./fetch/facts.ts";
import { answerNode } from "./node/answer.ts";
import { countRequest } from "./node/count-request.ts";
import { NodeFacts } from "./node/facts.ts";
import {
  type AdapterFacts,
  confirmDecision as confirm,
  decideByAsking,
  type FinalDecision,
} from "./shared/decide-by-asking.ts";
import { isDecided, markDecided } from "./shared/decided-requests.ts";
import { type RenderView, withView } from "./shared/view.ts";

export type { Clock } from "../clock.ts";
export type { ResponsePlan } from "../engine/answer/response-plan.ts";
export type {
  Admit,
  Allow,
  AllowReason,
  Block,
  BlockReason,
  Decision,
  Defer,
  ExemptionReason,
  Rule,
} from "../engine/decide/decision.ts";
export type { Operation, RequestFacts, RouteMark, UserFacts } from "../engine/decide/request-facts.ts";
export type { AdapterGate, AdapterOptions, AdapterSnapshot, CountedRequest } from "../gate/internals.ts";
export type { Logger } from "../logger.ts";
export { toMarkedResponse, toResponse } from "./fetch/answer.ts";
export type { AdapterFacts, FinalDecision } from "./shared/decide-by-asking.ts";
export { markBypass } from "./shared/mark-bypass.ts";
export type { RenderView } from "./shared/view.ts";

/**
 * Returns the adapter interface of `gate`, always the same object. Call it once, where the adapter is mounted. Accepts a gate of
 * another installed copy of this package too.
 *
 * @throws MaintenanceError `ERR_INVALID_OPTION` for an object that `createGate` did not return, including a copy of a gate.
 * @example
 * const inside = adapterGate(gate);
 * inside.start();
 */
export function adapterGate(gate: Gate): AdapterGate {
  return gateInternals(gate, "adapterGate");
}

/**
 * Returns the facts of a request of `node:http`, `node:https` or the compatibility API of `node:http2`. They read the request when they
 * are asked.
 *
 * @param target The request target as received: frameworks rewrite `request.url` below a mounted prefix. @default request.url
 * @throws `ERR_INVALID_OPTION` for what is not a gate
 * @example const facts = nodeFacts(inside, request, request.originalUrl);
 */
export function nodeFacts(
  gate: AdapterGate,
  request: IncomingMessage,
  target: string = request.url ?? "",
): AdapterFacts {
  return new NodeFacts(request, target, gateInternals(gate, "nodeFacts"));
}

/**
 * Returns the facts of a `Request` of the Fetch standard.
 *
 * @param peer The address of the connection, where the platform reports it.
 * @throws `ERR_INVALID_OPTION` for what is not a gate
 * @example const facts = fetchFacts(inside, request, info.remoteAddr.hostname);
 */
export function fetchFacts(gate: AdapterGate, request: Request, peer?: string): AdapterFacts {
  return new FetchFacts(request, peer, gateInternals(gate, "fetchFacts"));
}

/**
 * Counts a request of Node as under way until its response is closed, or until `decideRequest` blocks it. Call it first for each request,
 * also while `snapshot.passAll` is true. Counts a request once: an adapter in front may have called it. Never throws for a gate.
 *
 * @throws `ERR_INVALID_OPTION` for what is not a gate
 * @example countNode(inside, request.raw, reply.raw);
 */
export function countNode(gate: AdapterGate, request: IncomingMessage, response: ServerResponse): void {
  countRequest(gateInternals(gate, "countNode"), request, response, "open");
}

/**
 * Calls `run` and returns its result; counts the request of the Fetch standard as under way until the body of the response has been read, or
 * until `decideRequest` blocks it. On runtimes that do not report the end of a stream, it ends with the promise. Counts a request once: an
 * adapter in front may have called it.
 *
 * @throws `ERR_INVALID_OPTION` for what is not a gate, and what `run` throws
 * @example return countFetch(inside, request.raw, () => respond(request, next));
 */
export function countFetch<Result extends Response | Promise<Response>>(
  gate: AdapterGate,
  request: Request,
  run: () => Result,
  peer?: string,
): Result {
  return runCounted(
    countFetchRequest(gateInternals(gate, "countFetch"), request, () => peer),
    request,
    run,
  );
}

/**
 * Waits until the gate has loaded its state, asks the application for the user or the operation where the decision depends on them
 * (`getUser`, `logOut`, `readOnly.classify`), and returns the decision: `allow`, `block` or `admit`. Returns `null` when an adapter in
 * front has let the request pass already. Never rejects: an application that fails to answer within ten seconds is logged, and the
 * request counts as anonymous and as writing.
 *
 * @param request The framework's own request, which those functions receive. No member is required; without `getUser`, the user is its
 * `user`, `session.user` or `auth.user`.
 * @example
 * const decision = await decideRequest(inside, facts, request);
 * if (decision === null) return next();
 * if (decision.outcome === "allow") {
 *   if (decision.bypass) markBypass(response, decision);
 *   return next();
 * }
 * writePlan(inside, request.raw, response, inside.plan(decision, facts));
 */
export async function decideRequest(
  gate: AdapterGate,
  facts: AdapterFacts,
  request: object,
): Promise<FinalDecision | null> {
  const internals = gateInternals(gate, "decideRequest");
  await internals.settle();
  // An adapter in front may have only the request that the framework's own was made of.
  const requests = [request, facts.request ?? request];
  if (requests.some((one) => isDecided(internals, one))) return null;
  const decision = await decideByAsking(internals, facts, request);
  for (const one of requests) {
    if (decision.outcome !== "allow") uncount(one);
    else {
      markDecided(internals, one);
      enterWork(internals, one, decision);
    }
  }
  return decision;
}

/**
 * Takes a decision again, and returns it: the same one while no command waits for this process. Synchronous. Call it in the turn in which
 * the request enters the application, if anything was awaited since the decision.
 *
 * @throws MaintenanceError `ERR_INVALID_OPTION` for what is not a gate
 * @example const confirmed = confirmDecision(inside, facts, decision);
 */
export function confirmDecision(gate: AdapterGate, facts: AdapterFacts, decision: FinalDecision): FinalDecision {
  return confirm(gateInternals(gate, "confirmDecision"), facts, decision);
}

/**
 * Returns what `gate.plan` returns, with the view that `template: { view }` names in place of the page. `render` is called only where a
 * view is configured and the answer is a page. Never rejects: if `render` fails, the error is logged and the built-in page is returned.
 *
 * @example
 * const { status, headers, body } = await planWithView(inside, decision, facts, (view, context) => reply.viewAsync(view, context));
 */
export async function planWithView(
  gate: AdapterGate,
  decision: Block | Admit,
  facts: RequestFacts,
  render: RenderView,
): Promise<ResponsePlan> {
  const internals = gateInternals(gate, "planWithView");
  const plan = internals.plan(decision, facts);
  return decision.outcome === "block" ? await withView(internals, decision, facts, render, plan) : plan;
}

/**
 * Writes `plan` to a response of Node. Removes headers that were set for another answer, such as `ETag` and `Content-Encoding`; policies and
 * cookies stay. While a large body is still arriving, the connection stays open for up to five seconds, because the client might lose the
 * answer otherwise.
 *
 * @throws `ERR_INVALID_OPTION` for what is not a gate
 * @example writePlan(inside, request, response, inside.plan(decision, facts));
 */
export function writePlan(
  gate: AdapterGate,
  request: IncomingMessage,
  response: ServerResponse,
  plan: ResponsePlan,
): void {
  const { clock } = gateInternals(gate, "writePlan").options;
  uncount(request);
  answerNode(request, response, plan, clock);
}
