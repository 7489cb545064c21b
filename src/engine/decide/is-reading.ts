import type { Policy } from "../snapshot/policy.ts";
import { type AllowReason, type Rule, ruleOf } from "./decision.ts";
import type { RequestFacts } from "./request-facts.ts";

/**
 * The safe methods (RFC 9110 section 9.2.1) of the IANA HTTP Method Registry: RFC 9110, RFC 10008 (QUERY), RFC 4918 (PROPFIND), RFC 3253
 * (REPORT), RFC 5323 (SEARCH). Without PRI, which is not used in requests.
 */
const SAFE_METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "QUERY",
  "PROPFIND",
  "REPORT",
  "SEARCH",
]);

/** Headers with which frameworks and middleware let a client override the method. */
export const METHOD_OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"];

/** Returns the method if it is certain that the application uses the same one; else `null`. */
export function clearMethod(facts: RequestFacts): string | null {
  const { method } = facts;
  for (const name of METHOD_OVERRIDES) {
    const other = facts.header(name);
    if (other !== undefined && other.toUpperCase() !== method) return null;
  }
  return method;
}

/** Whether the request only retrieves a representation. */
export function isRetrieval(facts: RequestFacts): boolean {
  return (facts.method === "GET" || facts.method === "HEAD") && clearMethod(facts) !== null;
}

interface Reading {
  readonly reason: AllowReason;
  readonly rule: Rule | null;
}

/**
 * Returns why a request may pass a read-only site; `null` if it writes, `"ask"` if the application has to decide. An unclear path (`null`)
 * never counts as one whose POST only reads, and always as one whose GET may write.
 */
export function isReading(facts: RequestFacts, path: string | null, policy: Policy): Reading | "ask" | null {
  if (SAFE_METHODS.has(clearMethod(facts) ?? "")) {
    const writes = policy.writes !== null && (path === null || policy.writes.covers(path));
    return writes ? null : { reason: "safe-method", rule: null };
  }
  const reads = path === null ? null : (policy.reads?.match(path) ?? null);
  if (reads !== null) return { reason: "read-path", rule: ruleOf(reads) };
  if (!policy.classifies) return null;
  if (facts.operation === undefined) return "ask";
  return facts.operation === "read" ? { reason: "read-operation", rule: null } : null;
}
