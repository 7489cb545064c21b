import { hostOf } from "../../rules/hosts/host.ts";
import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";
import { BYPASS_CACHE_CONTROL, bypassHeader } from "../answer/maintenance-header.ts";
import { planAdmission } from "../answer/plan-admission.ts";
import { planResponse } from "../answer/plan-response.ts";
import { compileSite } from "../snapshot/compiled-site.ts";
import { HeldRecords } from "../snapshot/held-records.ts";
import { compileSnapshot, type Snapshot } from "../snapshot/snapshot.ts";
import { decide } from "./decide.ts";
import type { Allow, Block, Decision } from "./decision.ts";
import type { RequestFacts } from "./request-facts.ts";

/** The decision of a gate on a request, with its reasons. */
export interface ExplainedRequest {
  readonly decision: Decision;
  /** One sentence: `Allowed: its address is exempt.` */
  readonly sentence: string;
  /** The answer; `null` for the application's own answer. */
  readonly answer: ExplainedAnswer | null;
  /** The site to which the request's host belongs; `null` if there is none: then the rules for all sites decide. */
  readonly site: string | null;
}

/** Decides as the gate would, and returns the reasons. Counts nothing. */
export function explainRequest(facts: RequestFacts, snapshot: Snapshot, now: number): ExplainedRequest {
  const decision = decide(facts, snapshot, now);
  return {
    decision,
    sentence: sentenceOf(decision),
    answer: explainAnswer(decision, facts, snapshot, now),
    site: siteOf(facts, snapshot),
  };
}

/** Returns the site whose host the request names, or `null`. */
export function siteOf({ host }: Pick<RequestFacts, "host">, { byHost }: Snapshot): string | null {
  const site = byHost.find(host);
  return site === null || site === UNCLEAR ? null : site.id;
}

/** Whether nothing closed applies to the request: then the decision does not say what would happen otherwise. */
export function isPlainlyOpen(decision: Decision): boolean {
  return decision.outcome === "allow" && (decision.reason === "open" || decision.reason === "out-of-scope");
}

/** Returns a sentence on the request's host, or `null`. */
export function hostRemark({ host }: Pick<RequestFacts, "host">, site: string | null): string | null {
  if (site !== null) return null;
  if (host && hostOf(host) === null)
    return `The host '${host}' cannot be read: the strictest mode of all sites applies.`;
  return host === undefined
    ? `No host is given: the rules for everything apply (${ALL_SITES}).`
    : `The host '${host}' belongs to no site: the rules for everything apply (${ALL_SITES}).`;
}

function sentenceOf(decision: Decision): string {
  if (decision.outcome === "defer") {
    const what =
      decision.needs === "user"
        ? "the user: name a kind of user"
        : "whether it only reads, which only the application knows";
    return `It depends on ${what}.`;
  }
  const { outcome, reason } = explainDecision(decision);
  return `${outcome}: ${reason}.`;
}

/** Returns the snapshot that a gate would have if `record` were stored for its site: to see what would happen. Changes nothing. */
export function snapshotWith(snapshot: Snapshot, record: SiteRecord, now: number): Snapshot {
  const { lineage, version, policy, index, forAll, neverLoaded } = snapshot;
  const records = new HeldRecords(index.stored.with([[record.id, compileSite(record, policy.ignoreCase)]]));
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

/** The answer for a decision: all of it, or, if the application answers, only the added headers. */
export interface ExplainedAnswer {
  readonly status: number;
  /** In the order in which they are sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const REASONS: Readonly<Record<Allow["reason"] | Block["reason"] | "read-only", string>> = {
  "operator-surface": "its path is an operator path",
  "route-forced-open": "its route is forced open",
  "route-forced-closed": "its route is forced closed",
  "override-open": "an override keeps everything open",
  "override-closed": "an override keeps everything closed",
  "never-loaded": "the state could not be loaded",
  open: "its site is open",
  "out-of-scope": "the closure does not include its path",
  "safe-method": "it only reads",
  "read-path": "its path only reads",
  "read-operation": "the application says that it only reads",
  "test-run": "this is a test run",
  address: "its address is exempt",
  path: "its path is exempt",
  method: "its method is exempt",
  "redirect-target": "it is the target of the redirect",
  "bypass-link": "it opens a bypass link",
  "bypass-cookie": "it carries the cookie of a bypass link",
  user: "its user is exempt",
  mode: "its site is closed, and no exemption applies",
  "read-only": "it writes, its site is read-only, and no exemption applies",
  fenced: "the process cannot reach its store while a command waits for it, so it lets nothing in",
  lockdown: "its site is in lockdown, so no exemption applies",
};

/** Returns `Blocked` or `Allowed`, and the reason as a clause without a full stop. */
export function explainDecision(decision: Exclude<Decision, { outcome: "defer" }>): {
  readonly outcome: "Blocked" | "Allowed";
  readonly reason: string;
} {
  if (decision.outcome !== "block") return { outcome: "Allowed", reason: REASONS[decision.reason] };
  const { reason, mode } = decision;
  return { outcome: "Blocked", reason: REASONS[reason === "mode" && mode === "read-only" ? mode : reason] };
}

/** Returns the answer to a blocked request, or the headers added to one that passes a closed site; `null` if none is added. */
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
