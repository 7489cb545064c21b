import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../clock.ts";
import type { BodyEncoding, ResponsePlan } from "../../engine/answer/response-plan.ts";
import { uncount } from "../../gate/counted.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { removeDescriptions } from "../shared/answer-headers.ts";
import { confirmDecision, type FinalDecision } from "../shared/decide-by-asking.ts";
import { markDecided } from "../shared/decided-requests.ts";
import { markBypass, unmarkBypass } from "../shared/mark-bypass.ts";
import { countRequest } from "./count-request.ts";
import type { NodeFacts } from "./facts.ts";

/** A declared body up to this size is read and discarded, which costs less than a new connection. */
const MAX_DISCARDED_BYTES = 65_536;
/** Maximum time for receiving the rest of a large body after the answer was written. */
const MAX_LINGER_MS = 5_000;

/** Writes `plan`. Headers that describe another answer are removed first; policies and cookies of the application stay. */
export function answerNode(
  request: IncomingMessage,
  response: ServerResponse,
  plan: ResponsePlan,
  clock: Clock,
  encoding: BodyEncoding = "utf8",
): void {
  unmarkBypass(response);
  removeDescriptions(request, response);
  if (plan.closes) response.shouldKeepAlive = false;
  if (hasLargeBody(request)) {
    answerAndLinger(request, response, plan, clock, encoding);
  } else {
    beginAnswer(response, plan.status, plan.headers);
    response.end(plan.body ?? "", encoding);
  }
}

/**
 * A flat list is the fastest way to write headers. Where others are set already, Node would remove and append each of the list. Middleware
 * that wraps `writeHead` may not support a list: sessions, compression and loggers that use `on-headers` before 1.1.
 */
function beginAnswer(response: ServerResponse, status: number, headers: readonly string[]): void {
  const { writeHead }: Pick<ServerResponse, "writeHead"> = Object.getPrototypeOf(response);
  if (response.writeHead === writeHead && response.getHeaderNames().length === 0) {
    response.writeHead(status, headers.slice());
    return;
  }
  for (let index = 0; index < headers.length; index += 2) {
    response.setHeader(headers[index] ?? "", headers[index + 1] ?? "");
  }
  response.writeHead(status);
}

/** Whether a long body, or one of unknown length, is still arriving. In HTTP/2 it ends with its stream. */
function hasLargeBody(request: IncomingMessage): boolean {
  if (request.complete || request.destroyed || request.httpVersionMajor > 1) return false;
  const { headers } = request;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > MAX_DISCARDED_BYTES;
}

/**
 * Closing a connection with unread bytes resets it, and the client may lose the answer (RFC 9112 section 9.6). The answer is written at
 * once, and the connection is closed when the body has arrived or after `MAX_LINGER_MS`.
 */
function answerAndLinger(
  request: IncomingMessage,
  response: ServerResponse,
  plan: ResponsePlan,
  clock: Clock,
  encoding: BodyEncoding,
): void {
  beginAnswer(response, plan.status, [...plan.headers, "Connection", "close"]);
  if (plan.body === null) response.flushHeaders();
  else response.write(plan.body, encoding);
  const end = (): void => {
    cancel();
    response.end();
  };
  const cancel = clock.setTimer(end, MAX_LINGER_MS);
  // Not `finished` of `node:stream`: adapters for Workers load this file too.
  request.on("end", end).on("error", end).on("close", end).resume();
}

/** Carries out a decision, in the turn in which the request enters the application. Returns `true` when the request passes to the application, `false` when it was answered here. */
export function passOrAnswer(
  gate: GateInternals,
  decided: FinalDecision,
  facts: NodeFacts,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const decision = confirmDecision(gate, facts, decided);
  if (decision.outcome === "allow") {
    markDecided(gate, request);
    countRequest(gate, request, response, decision, facts.target);
    if (decision.bypass) markBypass(response, decision);
    return true;
  }
  uncount(request);
  answerNode(request, response, gate.plan(decision, facts), gate.options.clock);
  return false;
}
