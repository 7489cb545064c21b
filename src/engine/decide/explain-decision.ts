import { BYPASS_CACHE_CONTROL, bypassHeader } from "../answer/maintenance-header.ts";
import { planAdmission } from "../answer/plan-admission.ts";
import { planResponse } from "../answer/plan-response.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Allow, Block, Decision } from "./decision.ts";
import type { RequestFacts } from "./request-facts.ts";

/** What would be sent for a decision: all of it, or, where the application answers, what is added. */
export interface ExplainedAnswer {
  readonly status: number;
  /** As they are sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const REASONS: Readonly<Record<Allow["reason"] | Block["reason"], string>> = {
  "operator-surface": "it is one of the operators' own surfaces",
  "route-forced-open": "its route is forced open",
  "route-forced-closed": "its route is forced closed",
  "override-open": "an override holds everything open",
  "override-closed": "an override holds everything closed",
  "never-loaded": "the state could never be loaded",
  open: "nothing that counts for it is closed",
  "out-of-scope": "what is closed does not reach this path",
  "safe-method": "it only reads, and reading goes on",
  "read-path": "its path is one that only reads",
  "read-operation": "the application says that it only reads",
  "test-run": "this is a test run",
  address: "its address is exempt",
  path: "its path is exempt",
  method: "its method is exempt",
  "redirect-target": "it is where the blocked are sent",
  "bypass-link": "it opens a bypass link",
  "bypass-cookie": "it carries the cookie of a bypass link",
  user: "whoever asks is exempt",
  mode: "its site is closed, and nothing exempts it",
  lockdown: "its site is in lockdown, where no exemption counts",
};

/** `Blocked` or `Allowed`, and why in one clause without a full stop. */
export function explainDecision(decision: Exclude<Decision, { outcome: "defer" }>): {
  readonly outcome: "Blocked" | "Allowed";
  readonly reason: string;
} {
  return { outcome: decision.outcome === "block" ? "Blocked" : "Allowed", reason: REASONS[decision.reason] };
}

/** What goes out: whole when it is blocked, what is added when it passes a closed site; `null` when nothing is. */
export function explainAnswer(
  decision: Decision,
  facts: RequestFacts,
  snapshot: Snapshot,
  now: number,
): ExplainedAnswer | null {
  if (decision.outcome === "block") return answerOf(planResponse(decision, facts, snapshot, now));
  if (decision.outcome === "admit") return answerOf(planAdmission(decision, facts, snapshot, now));
  if (decision.outcome === "defer" || !decision.bypass) return null;
  const headers = ["Maintenance", bypassHeader(decision), "Cache-Control", BYPASS_CACHE_CONTROL];
  return answerOf({ status: 200, headers });
}

function answerOf({ status, headers }: { status: number; headers: readonly string[] }): ExplainedAnswer {
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? ""] as const] : []));
  return { status, headers: pairs };
}
