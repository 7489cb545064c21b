import type { RequestFacts } from "../decide/request-facts.ts";
import type { ResponsePlan } from "./response-plan.ts";

/** Other origins that may read the answers of a closed site (the Fetch standard, section 3.2). */
export interface CorsPolicy {
  /** Origins such as `https://app.example`, or `*`. */
  readonly origins: readonly string[];
  /** The application uses cookies across origins. Not with `*`. */
  readonly credentials: boolean;
}

/** Returns the `Access-Control-Allow-Origin` for a request, or `null`. */
export function allowedOrigin(facts: RequestFacts, cors: CorsPolicy | null): string | null {
  const origin = facts.header("origin");
  if (cors === null || origin === undefined) return null;
  if (cors.origins.includes("*")) return "*";
  return cors.origins.includes(origin) ? origin : null;
}

export function isPreflight(facts: RequestFacts): boolean {
  return facts.method === "OPTIONS" && facts.header("access-control-request-method") !== undefined;
}

/**
 * Answers a preflight of a closed site, so that the browser sends the request itself and the program gets the 503. Not cacheable: the
 * open site may allow something else.
 */
export function preflightAnswer(facts: RequestFacts, origin: string, cors: CorsPolicy): ResponsePlan {
  const headers = facts.header("access-control-request-headers");
  return {
    status: 204,
    headers: [
      ...originHeaders(origin, cors),
      ...["Access-Control-Allow-Methods", facts.header("access-control-request-method") ?? "GET"],
      ...(headers === undefined ? [] : ["Access-Control-Allow-Headers", headers]),
      ...["Access-Control-Max-Age", "0"],
      ...["Cache-Control", "no-store"],
      ...["Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"],
    ],
    body: null,
  };
}

/** Returns `plan`, readable from `origin`, including the headers that say when to try again. */
export function withCors(plan: ResponsePlan, origin: string, cors: CorsPolicy): ResponsePlan {
  const headers = [...plan.headers];
  const vary = headers.indexOf("Vary") + 1;
  if (vary > 0) headers[vary] = `${headers[vary]}, Origin`;
  return {
    ...plan,
    headers: [...headers, ...originHeaders(origin, cors), "Access-Control-Expose-Headers", "Retry-After, Maintenance"],
  };
}

function originHeaders(origin: string, { credentials }: CorsPolicy): readonly string[] {
  const allow = ["Access-Control-Allow-Origin", origin];
  return credentials && origin !== "*" ? [...allow, "Access-Control-Allow-Credentials", "true"] : allow;
}
