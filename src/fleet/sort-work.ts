import type { Admit, Allow } from "../engine/decide/decision.ts";
import { findExemption } from "../engine/decide/find-exemption.ts";
import { isReading } from "../engine/decide/is-reading.ts";
import type { RequestFacts } from "../engine/decide/request-facts.ts";
import { type Closure, strictestClosure } from "../engine/decide/strictest-closure.ts";
import type { CompiledSite } from "../engine/snapshot/compiled-site.ts";
import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import { UNCLEAR } from "../rules/hosts/site-lookup.ts";
import { compilePathMatcher, type PathMatcher } from "../rules/paths/matcher.ts";
import { normalizePath } from "../rules/paths/normalize.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { BarrierTarget } from "./barrier.ts";
import type { HeldWork, RequestWork, Work } from "./work.ts";

/** Characters of a path that are reported. */
const MAX_PATH = 200;

/** The kind and the place of work, for its counts. */
export interface Place {
  /** `POST /import`, without the query, or the label of a hold. */
  readonly what: string;
  readonly site: string;
  readonly writes: boolean;
  /** No barrier waits for it. */
  readonly isExempted: boolean;
}

export type Targets = readonly {
  readonly site: string;
  readonly onlyWrites: boolean;
  /** `null` for the whole site. */
  readonly scope: PathMatcher | null;
}[];

export function targetsOf(targets: readonly BarrierTarget[], ignoreCase: boolean): Targets {
  return targets.map(({ site, mode, paths }) => {
    const rules = paths.map((pattern) => ({ pattern, description: "", source: site }));
    return { site, onlyWrites: mode === "read-only", scope: scopeOf(rules, ignoreCase) };
  });
}

/** A pattern that cannot be compiled here covers the whole site: a barrier then waits for too much, and never for too little. */
function scopeOf(rules: Parameters<typeof compilePathMatcher>[0], ignoreCase: boolean): PathMatcher | null {
  try {
    return compilePathMatcher(rules, { ignoreCase, lenient: true });
  } catch {
    return null;
  }
}

/** Returns `null` for work that is not in the way of `targets`. */
export function sortWork(work: Work, targets: Targets | null, snapshot: Snapshot, now: number): Place | null {
  return work.kind === "held" ? sortHeld(work, targets, snapshot) : sort(work, targets, snapshot, now);
}

function sortHeld({ label, site }: HeldWork, targets: Targets | null, { forAll }: Snapshot): Place | null {
  const isMine = (target: string): boolean =>
    site === ALL_SITES || site === target || forAll.some(({ id }) => id === target);
  if (targets !== null && !targets.some((target) => isMine(target.site))) return null;
  return { what: label, site, writes: true, isExempted: false };
}

function sort(work: RequestWork, targets: Targets | null, snapshot: Snapshot, now: number): Place | null {
  const facts = work.describe();
  const path = normalizePath(facts.target);
  const hosts = [facts.host, ...facts.otherHosts].map((host) => snapshot.byHost.find(host));
  const [found = null] = hosts;
  const writes = work.decision?.reason !== "read-operation" && isWriting(facts, path, snapshot);
  const isMine = (target: Targets[number]): boolean =>
    (writes || !target.onlyWrites) &&
    (target.scope === null || path === null || target.scope.covers(path)) &&
    isOfSite(target.site, hosts, snapshot);
  if (targets !== null && !targets.some(isMine)) return null;
  const site = found === null || found === UNCLEAR ? ALL_SITES : found.id;
  const isExempted = isLetIn(work.decision) || (targets !== null && isExemptLater(facts, path, found, snapshot, now));
  const [target = ""] = facts.target.split("?", 1);
  return {
    what: `${facts.method} ${target.slice(0, MAX_PATH)}`,
    site: work.decision?.site ?? site,
    writes,
    isExempted,
  };
}

function isWriting(facts: RequestFacts, path: string | null, { policy }: Snapshot): boolean {
  const reading = isReading(facts, path, policy);
  return reading === null || reading === "ask";
}

function isOfSite(
  target: string,
  hosts: readonly (CompiledSite | typeof UNCLEAR | null)[],
  { forAll }: Snapshot,
): boolean {
  if (forAll.some(({ id }) => id === target)) return true;
  return hosts.some((site) => site === UNCLEAR || site?.id === target);
}

/** Whether a decision has let it in although its site is closed, or whatever is closed. */
function isLetIn(decision: Allow | Admit | null): boolean {
  if (decision === null) return false;
  if (decision.outcome === "admit") return true;
  return decision.bypass || decision.reason === "operator-surface" || decision.reason === "route-forced-open";
}

/** Whether the closure lets it in without knowing its user. */
function isExemptLater(
  facts: RequestFacts,
  path: string | null,
  found: CompiledSite | typeof UNCLEAR | null,
  snapshot: Snapshot,
  now: number,
): boolean {
  if (path !== null && snapshot.policy.operatorPaths?.match(path)) return true;
  const site = found === UNCLEAR ? null : found;
  const inForce = strictestClosure(snapshot, found, path, now);
  const closure: Closure =
    typeof inForce === "string"
      ? { site: site ?? snapshot.all, mode: "closed", lockdown: false, alone: false, fenced: false }
      : inForce;
  if (closure.lockdown) return false;
  const exemption = findExemption(facts, snapshot, site, closure, path, now);
  return exemption !== null && exemption !== "ask";
}
