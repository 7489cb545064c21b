import type { RequestFacts } from "../../engine/decide/request-facts.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { hasInside } from "./decided-requests.ts";

const FIX =
  "Mount expressMaintenance before every handler that answers, in the app that was passed to the server, or name that app: guard(server, gate, { app }).";

const reportedMissing = new WeakSet<GateInternals>();
/** Method and path of the request that was reported last. */
const missed = new WeakMap<GateInternals, string>();
/** Apps in which a handler before the middleware has answered; `true` if it answered a request that may have changed data. */
const answeredEarly = new WeakMap<GateInternals, WeakMap<object, boolean>>();

/** Reports, once per gate, that a request is decided without the application's session and marks. */
export function reportMissingInside(gate: GateInternals, { method, target }: RequestFacts): void {
  if (!hasInside(gate) || reportedMissing.has(gate)) return;
  reportedMissing.add(gate);
  const request = `${method} ${withoutQuery(target)}`;
  missed.set(gate, request);
  gate.options.logger.warn(
    `${request} was decided before the application, without its session and its marked routes: this server has no maintenance middleware before that route. ${FIX} If this server needs none, ignore this.`,
  );
}

/** Reports, once per app, that an answer was withheld, and remembers whether the request may have changed data. */
export function reportEarlyAnswer(
  gate: GateInternals,
  app: object,
  { method, target }: RequestFacts,
  status: number | null,
): void {
  const apps = answeredEarly.get(gate) ?? new WeakMap<object, boolean>();
  answeredEarly.set(gate, apps);
  const hasRun = !isSafe(method) && status !== null && status < 400;
  const known = apps.get(app);
  if (known === true || known === hasRun) return;
  apps.set(app, hasRun);
  const request = `${method} ${withoutQuery(target)}`;
  missed.set(gate, request);
  const consequence = hasRun ? " Until the process restarts, the guard decides on requests other than GET itself." : "";
  gate.options.logger.error(
    `${request} was answered before the maintenance middleware saw it, and the answer was withheld. ${FIX}${consequence}`,
  );
}

/** Returns method and path of the last request that was reported as not seen by the middleware, or `null`. */
export function missedByMiddleware(gate: GateInternals): string | null {
  return missed.get(gate) ?? null;
}

/** Whether a request with `method` may be left to the middleware in `app`. */
export function isLeftToInside(gate: GateInternals, app: object, method: string): boolean {
  return isSafe(method) || answeredEarly.get(gate)?.get(app) !== true;
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** Returns a request target without its query, for a log: a query may contain a token. */
export function withoutQuery(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? "";
}
