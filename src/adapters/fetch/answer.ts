import { BYPASS_CACHE_CONTROL, BYPASS_NOT_MODIFIED, bypassHeader } from "../../engine/answer/maintenance-header.ts";
import { headerPairs, type ResponsePlan } from "../../engine/answer/response-plan.ts";
import type { Allow } from "../../engine/decide/decision.ts";
import { permitsStoring } from "../shared/answer-headers.ts";

/**
 * Returns the `Response` of a plan.
 *
 * @example if (decision.outcome !== "allow") return toResponse(inside.plan(decision, facts));
 */
export function toResponse(plan: ResponsePlan): Response {
  const { status, headers, body } = plan;
  // Statuses such as 204 allow no body, not even an empty string.
  const pairs = headerPairs(headers).map(([name, value]): [string, string] => [name, value]);
  if (plan.closes) pairs.push(["Connection", "close"]);
  return new Response(body || null, { status, headers: pairs });
}

/**
 * Returns a copy of the application's response that is marked as `markBypass` marks one of Node, and streams the same body. A copy, because
 * headers may be immutable (`Response.redirect`, the result of `fetch`), and because the application may use the response again without
 * the mark. Responses that cannot be copied, network errors and those to an upgrade, are returned as they are.
 *
 * @example return decision.bypass ? toMarkedResponse(await next(), decision) : next();
 */
export function toMarkedResponse(response: Response, allow: Allow): Response {
  // Bun's handlers return `undefined` for an upgrade.
  if (response === undefined || response.status < 200) return response;
  const copy = new Response(response.body, response);
  for (const name of [...copy.headers.keys()]) if (permitsStoring(name)) copy.headers.delete(name);
  copy.headers.set("Maintenance", bypassHeader(allow));
  copy.headers.set("Cache-Control", BYPASS_CACHE_CONTROL);
  if (response.status === 304) copy.headers.set(...BYPASS_NOT_MODIFIED);
  return copy;
}
