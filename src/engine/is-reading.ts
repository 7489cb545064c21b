import { type AllowReason, type Rule, ruleOf } from "./decision.ts";
import type { Policy } from "./policy.ts";
import type { RequestFacts } from "./request-facts.ts";

/** RFC 9110 section 9.2.1. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

interface Reading {
  readonly reason: AllowReason;
  readonly rule: Rule | null;
}

/**
 * Why a request may pass a site that is read-only; `null` when it writes, `"ask"` when only the application can tell.
 * An unclear path (`null`) is not believed to be one whose POST only reads, and may be one whose GET writes.
 */
export function isReading(facts: RequestFacts, path: string | null, policy: Policy): Reading | "ask" | null {
  if (SAFE_METHODS.has(facts.method)) {
    const writes = policy.writes !== null && (path === null || policy.writes.covers(path));
    return writes ? null : { reason: "safe-method", rule: null };
  }
  const reads = path === null ? null : (policy.reads?.match(path) ?? null);
  if (reads !== null) return { reason: "read-path", rule: ruleOf(reads) };
  if (!policy.classifies) return null;
  if (facts.operation === undefined) return "ask";
  return facts.operation === "read" ? { reason: "read-operation", rule: null } : null;
}
