import { kindOf, MaintenanceError } from "../errors.ts";
import { enterWork, uncount } from "../gate/counted.ts";
import { gateInternals } from "../gate/internals.ts";
import type { Gate } from "../gate.ts";
import { toMarkedResponse, toResponse } from "./fetch/answer.ts";
import { type CountedFetch, countFetchRequest, runCounted } from "./fetch/count-request.ts";
import { FetchFacts } from "./fetch/facts.ts";
import { confirmDecision, decideByAsking, decideWithoutAsking } from "./shared/decide-by-asking.ts";
import { isDecided, markDecided } from "./shared/decided-requests.ts";
import { askAddress } from "./shared/find-address.ts";
import { forceOpen, isForcedOpen } from "./shared/route-mark.ts";

/** A `fetch` handler. `Rest` are the platform's further arguments: `env, ctx` on Workers, `info` on Deno, `server` on Bun. */
export type FetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>;

/** The options of `fetchMaintenance`. */
export interface FetchMaintenanceOptions<Rest extends readonly unknown[]> {
  /**
   * Returns the remote address of the connection, which a `Request` does not have.
   * @default none: the address is known only if `trustProxy` names a header for it, such as `"cloudflare"`
   * @example (request, info) => info.remoteAddr.hostname // Deno
   * @example (request, server) => server.requestIP(request)?.address // Bun
   */
  address?(request: Request, ...rest: Rest): string | undefined;
}

/**
 * Returns a handler with the same signature that answers blocked requests, and calls `handler` for all others. Starts to follow the store
 * with the first request. While everything is open it returns the result of `handler` unchanged. A handler that `maintenanceOff` has
 * marked is returned as it is.
 *
 * @throws MaintenanceError `ERR_INVALID_OPTION` if `gate` is not a gate or `handler` is not a function.
 * @example export default { fetch: fetchMaintenance(gate, app.fetch) };
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

  function run(request: Request, rest: Rest, counted: CountedFetch): Response | Promise<Response> {
    return runCounted(counted, request, () => handler(request, ...rest));
  }

  async function guardHandler(request: Request, rest: Rest, counted: CountedFetch): Promise<Response> {
    await internals.settle();
    if (isDecided(internals, request)) return run(request, rest, counted);
    const facts = new FetchFacts(request, peerOf(request, rest), internals);
    facts.processed = false;
    const decision = confirmDecision(internals, facts, await decideByAsking(internals, facts, request));
    if (decision.outcome !== "allow") {
      uncount(request);
      return toResponse(internals.plan(decision, facts));
    }
    markDecided(internals, request);
    enterWork(internals, request, decision);
    const response = run(request, rest, counted);
    return decision.bypass ? toMarkedResponse(await response, decision) : response;
  }

  return (request, ...rest) => {
    const { passAll } = internals.snapshot;
    if (internals.underWay === null) return passAll ? handler(request, ...rest) : guardHandler(request, rest, null);
    const counted = countFetchRequest(internals, request, () => peerOf(request, rest));
    return passAll ? run(request, rest, counted) : guardHandler(request, rest, counted);
  };
}

/**
 * Marks a handler as open, whatever is closed. Returns a proxy of `handler`: only the proxy has the mark.
 * @example fetchMaintenance(gate, maintenanceOff(statusPage));
 */
export function maintenanceOff<Handler extends (...values: never[]) => unknown>(handler: Handler): Handler;
export function maintenanceOff(handler: (...values: never[]) => unknown): unknown {
  return forceOpen(handler);
}

/**
 * Returns a handler that answers every request as a closed site does, even while the site is open, and calls `handler` only for
 * `operatorPaths`.
 * @throws MaintenanceError `ERR_INVALID_OPTION` if `gate` is not a gate.
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
    if (decision.outcome !== "block") return handler(request, ...rest);
    uncount(request);
    return toResponse(internals.plan(decision, facts));
  };
}
