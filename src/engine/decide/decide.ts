import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import { normalizePath } from "../../rules/paths/normalize.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import {
  type Allow,
  type AllowReason,
  type Block,
  type BlockReason,
  type Decision,
  type Rule,
  ruleOf,
} from "./decision.ts";
import { findExemption } from "./find-exemption.ts";
import { isReading } from "./is-reading.ts";
import type { RequestFacts } from "./request-facts.ts";
import { type Closure, strictestClosure } from "./strictest-closure.ts";

/**
 * Decides what becomes of a request. Pure, synchronous and total: it reads the facts, the snapshot and the time (epoch
 * milliseconds), never waits and never throws. The order of the steps is part of the contract.
 */
export function decide(facts: RequestFacts, snapshot: Snapshot, now: number): Decision {
  let strictest = decideAt(facts.host, facts, snapshot, now);
  for (const host of facts.otherHosts) {
    const decision = decideAt(host, facts, snapshot, now);
    if (severity(decision) > severity(strictest)) strictest = decision;
  }
  return strictest;
}

function severity(decision: Decision): number {
  if (decision.outcome === "allow") return decision.bypass ? 1 : 0;
  return { admit: 2, defer: 3, block: 4 }[decision.outcome];
}

/** As a request for `host`. */
function decideAt(host: string | undefined, facts: RequestFacts, snapshot: Snapshot, now: number): Decision {
  const { policy } = snapshot;
  /** `null`: it is unclear, and then never exempt and inside every scope. */
  const path = normalizePath(facts.target);
  /** `null`: the host is that of no site, and what counts for all counts. */
  const found = snapshot.byHost.find(host);
  /** Whose rules count besides. */
  const site = found === UNCLEAR ? null : found;

  // 1. The operators' own surfaces always pass.
  const surface = path === null ? null : (policy.operatorPaths?.match(path) ?? null);
  if (surface !== null) return allow("operator-surface", snapshot, ruleOf(surface));

  // 2. What the route itself is marked with.
  if (facts.route === "forced-open") return allow("route-forced-open", snapshot);
  if (facts.route === "forced-closed") {
    return block("route-forced-closed", snapshot, fullClosure(site ?? snapshot.all));
  }

  // 3. An override beats the store; what could not be loaded has a declared answer.
  if (policy.override?.mode === "open") return allow("override-open", snapshot);
  const imposed = policy.override !== null ? "override-closed" : snapshot.neverLoaded ? "never-loaded" : null;
  if (imposed === "never-loaded" && policy.whenNeverLoaded === "open") return allow("open", snapshot);

  // 4. The mode in force, and what it lets pass.
  const closure = imposed === null ? strictestClosure(snapshot, found, path, now) : fullClosure(snapshot.all);
  if (closure === "open" || closure === "out-of-scope") return allow(closure, snapshot);
  if (closure.mode === "read-only") {
    const reading = isReading(facts, path, policy);
    if (reading === "ask") return defer("operation", snapshot, closure);
    if (reading !== null)
      return { ...allow(reading.reason, snapshot, reading.rule), site: closure.site.id, mode: closure.mode };
  }

  // 5. In lockdown no exemption counts.
  if (closure.lockdown) return block("lockdown", snapshot, closure);

  // 6. Exemptions.
  const exemption = findExemption(facts, snapshot, site, closure, path, now);
  if (exemption === "ask") return defer("user", snapshot, closure);
  if (exemption?.reason === "bypass-link" && isRepeatable(facts)) {
    return { ...exemption, outcome: "admit", site: closure.site.id, mode: closure.mode, version: snapshot.version };
  }
  if (exemption !== null) {
    return {
      ...allow(exemption.reason, snapshot, exemption.rule),
      site: closure.site.id,
      mode: closure.mode,
      bypass: true,
    };
  }

  // 7. Everyone else is told.
  return block(imposed ?? "mode", snapshot, closure);
}

/** A redirect would lose what a `POST` brings: such a request passes as it is. */
function isRepeatable({ method }: RequestFacts): boolean {
  return method === "GET" || method === "HEAD";
}

/** The whole of a site, closed until further notice. */
function fullClosure(site: CompiledSite): Closure {
  return { site, mode: "closed", lockdown: false, alone: false };
}

function allow(reason: AllowReason, snapshot: Snapshot, rule: Rule | null = null): Allow {
  return { outcome: "allow", reason, site: null, mode: "open", rule, bypass: false, version: snapshot.version };
}

function block(reason: BlockReason, snapshot: Snapshot, { site, mode }: Closure): Block {
  // An end that is known belongs to the switch; what the route or the environment closes has none.
  const until = (reason === "mode" || reason === "lockdown") && Number.isFinite(site.until) ? site.until : null;
  return { outcome: "block", reason, site: site.id, mode, until, version: snapshot.version };
}

function defer(needs: "user" | "operation", snapshot: Snapshot, { site, mode }: Closure): Decision {
  return { outcome: "defer", needs, site: site.id, mode, version: snapshot.version };
}
