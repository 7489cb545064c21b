import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream";
import type { Clock } from "../../clock.ts";
import type { ResponsePlan } from "../../engine/answer/response-plan.ts";
import type { Gate } from "../../gate.ts";
import { removeDescriptions } from "../shared/answer-headers.ts";
import { markDecided } from "../shared/decided-requests.ts";
import { markBypass } from "../shared/mark-bypass.ts";
import type { Decided } from "../shared/resolve-deferred.ts";
import type { NodeFacts } from "./facts.ts";

/** A declared body up to this size is read and thrown away, which costs less than a new connection. */
const SMALL_BODY = 65_536;
/** Milliseconds for which a large body is still read once the answer is out. */
const LONGEST_LINGER = 5_000;

/** Writes what was planned, in place of whatever was set before, but for the application's policies, cookies and the like. */
export function answerNode(request: IncomingMessage, response: ServerResponse, plan: ResponsePlan, clock: Clock): void {
  removeDescriptions(request, response);
  if (hasLargeBody(request)) {
    answerAndLinger(request, response, plan, clock);
  } else {
    beginAnswer(response, plan.status, plan.headers);
    response.end(plan.body ?? undefined);
  }
}

/**
 * One list is the fastest way to write headers. But middleware that has put itself around `writeHead` may not know lists: sessions,
 * compression and loggers over `on-headers` before 1.1 take ours apart, letter by letter.
 */
function beginAnswer(response: ServerResponse, status: number, headers: readonly string[]): void {
  if (!Object.hasOwn(response, "writeHead")) {
    response.writeHead(status, [...headers]);
    return;
  }
  for (let i = 0; i < headers.length; i += 2) response.removeHeader(headers[i] ?? "");
  for (let i = 0; i + 1 < headers.length; i += 2) response.appendHeader(headers[i] ?? "", headers[i + 1] ?? "");
  response.writeHead(status);
}

/** A body that is still arriving, and is long or of unknown length. In HTTP/2 it ends with its stream. */
function hasLargeBody(request: IncomingMessage): boolean {
  if (request.complete || request.httpVersionMajor > 1) return false;
  const { headers } = request;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > SMALL_BODY;
}

/**
 * To close a connection on which bytes wait unread resets it, and a reset may wipe out the answer before the client has read it
 * (RFC 9112 section 9.6). So the whole answer goes out at once, and the connection is closed when the client has seen it, or is late.
 */
function answerAndLinger(request: IncomingMessage, response: ServerResponse, plan: ResponsePlan, clock: Clock): void {
  beginAnswer(response, plan.status, [...plan.headers, "Connection", "close"]);
  if (plan.body === null) response.flushHeaders();
  else response.write(plan.body);
  const cancel = clock.setTimer(() => response.end(), LONGEST_LINGER);
  finished(request, { writable: false }, () => {
    cancel();
    response.end();
  });
  request.resume();
}

/** Carries out a decision. True: the request passes, and the application answers. */
export function passOrAnswer(
  gate: Gate,
  decision: Decided,
  facts: NodeFacts,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (decision.outcome === "allow") {
    markDecided(gate, request);
    if (decision.bypass) markBypass(response, decision);
    return true;
  }
  answerNode(request, response, gate.plan(decision, facts), gate.options.clock);
  return false;
}
