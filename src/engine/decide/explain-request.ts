import { hostOf } from "../../rules/hosts/host.ts";
import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";
import { BYPASS_CACHE_CONTROL, bypassHeader } from "../answer/maintenance-header.ts";
import { planAdmission } from "../answer/plan-admission.ts";
import { planResponse } from "../answer/plan-response.ts";
import { compileSnapshot, type Snapshot } from "../snapshot/snapshot.ts";
import { decide } from "./decide.ts";
import type { Allow, Block, Decision } from "./decision.ts";
import type { RequestFacts } from "./request-facts.ts";

/** What a gate decides of a request, and what it went by. */
export interface ExplainedRequest {
  readonly decision: Decision;
  /** One sentence: `Allowed: its address is exempt.` */
  readonly sentence: string;
  /** What would be sent; `null`: the application's own answer. */
  readonly answer: ExplainedAnswer | null;
  /** The site that the request's host belongs to; `null`: none, and what counts for every site decides. */
  readonly site: string | null;
}

/** Decides of a request as the gate would, and says why. Counts nothing. */
export function explainRequest(facts: RequestFacts, snapshot: Snapshot, now: number): ExplainedRequest {
  const decision = decide(facts, snapshot, now);
  return {
    decision,
    sentence: sentenceOf(decision),
    answer: explainAnswer(decision, facts, snapshot, now),
    site: siteOf(facts, snapshot),
  };
}

/** The site whose host the request names; `null`: none. */
export function siteOf({ host }: Pick<RequestFacts, "host">, { byHost }: Snapshot): string | null {
  const site = byHost.find(host);
  return site === null || site === UNCLEAR ? null : site.id;
}

/** Nothing closed counts for the request: what would happen otherwise is not said by the decision. */
export function isPlainlyOpen(decision: Decision): boolean {
  return decision.outcome === "allow" && (decision.reason === "open" || decision.reason === "out-of-scope");
}

/** What a request's host says of its site: `null` where there is nothing to say. */
export function hostRemark({ host }: Pick<RequestFacts, "host">, site: string | null): string | null {
  if (site !== null) return null;
  if (host && hostOf(host) === null)
    return `The host '${host}' cannot be read: what counts is the strictest of all sites.`;
  return host === undefined
    ? `No host is named: what counts is everything (${ALL_SITES}).`
    : `The host '${host}' belongs to no site: what counts is everything (${ALL_SITES}).`;
}

function sentenceOf(decision: Decision): string {
  if (decision.outcome === "defer") {
    const what =
      decision.needs === "user" ? "who asks: name a kind of user" : "whether it only reads, which the application says";
    return `It depends on ${what}.`;
  }
  const { outcome, reason } = explainDecision(decision);
  return `${outcome}: ${reason}.`;
}

/** The snapshot that a gate would hold if `record` were stored for its site: for questions of what would happen. Changes nothing. */
export function snapshotWith(snapshot: Snapshot, record: SiteRecord, now: number): Snapshot {
  const { lineage, version, policy, index, forAll, neverLoaded } = snapshot;
  const records = new Map(index.records).set(record.id, record);
  const groups = forAll.flatMap(({ id }) => (id === ALL_SITES ? [] : [id]));
  const options = { policy, configured: index.options.configured, groups, lookAtEach: true };
  const assumed = compileSnapshot(
    { lineage, version, records, unreadable: new Map(), closedInstead: new Map() },
    options,
    now,
    snapshot,
  );
  return { ...assumed, neverLoaded };
}

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
  user: "its user is exempt",
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
function explainAnswer(
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
