import { BYPASS_CACHE_CONTROL, BYPASS_NOT_MODIFIED, bypassHeader } from "../engine/answer/maintenance-header.ts";
import { headerPairs, type ResponsePlan } from "../engine/answer/response-plan.ts";
import type { Allow } from "../engine/decide/decision.ts";
import { kindOf, MaintenanceError } from "../errors.ts";
import { gateInternals } from "../gate/internals.ts";
import type { Gate } from "../gate.ts";
import { FetchFacts } from "./fetch/facts.ts";
import { permitsStoring } from "./shared/answer-headers.ts";
import { decideByAsking, decideWithoutAsking } from "./shared/decide-by-asking.ts";
import { isDecided, markDecided } from "./shared/decided-requests.ts";
import { askAddress } from "./shared/find-address.ts";
import { forceOpen, isForcedOpen } from "./shared/route-mark.ts";

/** A handler in the manner of the Fetch standard; `Rest` is what the platform adds: `env, ctx` on Workers, `info` on Deno, `server` on Bun. */
export type FetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>;

export interface FetchMaintenanceOptions<Rest extends readonly unknown[]> {
  /**
   * The address that is connected: `(request, info) => info.remoteAddr.hostname` on Deno,
   * `(request, server) => server.requestIP(request)?.address` on Bun. Default: none, and then only what `trustProxy` vouches for counts.
   */
  address?(request: Request, ...rest: Rest): string | undefined;
}

/**
 * Puts `gate` in front of a `fetch` handler, and keeps the handler's signature. While everything is open the handler's own result
 * is returned as it is. What `maintenanceOff` has marked always passes.
 * @throws `ERR_INVALID_OPTION` when `gate` is not a gate or `handler` is not a function.
 */
export function fetchMaintenance<Rest extends readonly unknown[]>(
  gate: Gate,
  handler: FetchHandler<Rest>,
  options: FetchMaintenanceOptions<Rest> = {},
): FetchHandler<Rest> {
  const internals = gateInternals(gate, "fetchMaintenance");
  if (typeof handler !== "function") {
    throw new MaintenanceError(
      "ERR_INVALID_OPTION",
      `fetchMaintenance: the handler is ${kindOf(handler)}, not a function.`,
      {
        hint: "Pass the application's fetch handler as the second argument: fetchMaintenance(gate, app.fetch).",
      },
    );
  }
  if (isForcedOpen(handler)) return handler;
  const peerOf = (request: Request, rest: Rest): string | undefined =>
    askAddress(internals, () => options.address?.(request, ...rest), "The option 'address'");

  async function guardHandler(request: Request, rest: Rest): Promise<Response> {
    await internals.settle();
    if (isDecided(internals, request)) return handler(request, ...rest);
    const facts = new FetchFacts(request, peerOf(request, rest), internals);
    facts.processed = false;
    const decision = await decideByAsking(internals, facts, request);
    if (decision.outcome !== "allow") return answerFetch(internals.plan(decision, facts));
    markDecided(internals, request);
    const response = handler(request, ...rest);
    return decision.bypass ? markedCopy(await response, decision) : response;
  }

  return (request, ...rest) => (internals.snapshot.passAll ? handler(request, ...rest) : guardHandler(request, rest));
}

/**
 * Marks a handler as open whatever is closed: `fetchMaintenance(gate, maintenanceOff(handler))` lets every request pass. The mark is on
 * the function that is returned; `handler` itself stays closed elsewhere.
 */
export function maintenanceOff<Handler extends (...values: never[]) => unknown>(handler: Handler): Handler;
export function maintenanceOff(handler: (...values: never[]) => unknown): unknown {
  return forceOpen(handler);
}

/**
 * In place of `handler`, one that always answers as a closed site, even while all is open. The operators' own surfaces
 * (`operatorPaths`) answer all the same. Throws `ERR_INVALID_OPTION` for what is not a gate.
 */
export function maintenanceOn<Rest extends readonly unknown[]>(
  handler: FetchHandler<Rest>,
  gate: Gate,
): FetchHandler<Rest> {
  const internals = gateInternals(gate, "maintenanceOn");
  return async (request, ...rest) => {
    await internals.settle();
    const facts = new FetchFacts(request, undefined, internals);
    facts.route = "forced-closed";
    const decision = decideWithoutAsking(internals, facts);
    return decision.outcome === "block" ? answerFetch(internals.plan(decision, facts)) : handler(request, ...rest);
  };
}

/** Returns a plan as a `Response`. */
function answerFetch({ status, headers, body }: ResponsePlan): Response {
  // An empty string is a body too, and statuses such as 204 refuse any.
  return new Response(body || null, { status, headers: headerPairs(headers).map(([name, value]) => [name, value]) });
}

/**
 * A marked copy of what the application answered; its body goes on streaming. A copy, because headers may be immutable
 * (`Response.redirect`, what `fetch` gave), and because a mark on an answer that the application uses again would linger.
 */
function markedCopy(response: Response, allow: Allow): Response {
  // Protocol switches and network errors cannot be made by hand, and Bun's handlers answer an upgrade with nothing at all.
  if (response === undefined || response.status < 200) return response;
  const copy = new Response(response.body, response);
  for (const name of [...copy.headers.keys()]) if (permitsStoring(name)) copy.headers.delete(name);
  copy.headers.set("Maintenance", bypassHeader(allow));
  copy.headers.set("Cache-Control", BYPASS_CACHE_CONTROL);
  if (response.status === 304) copy.headers.set(...BYPASS_NOT_MODIFIED);
  return copy;
}
