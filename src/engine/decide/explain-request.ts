import { hostOf } from "../../rules/hosts/host.ts";
import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { type ExplainedAnswer, explainAnswer, explainDecision } from "./explain-decision.ts";
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
