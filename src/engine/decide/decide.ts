import { bypassCookieName, cookieValues } from "../../bypass/cookie-header.ts";
import type { GuessLimiter } from "../../bypass/guess-limiter.ts";
import { mayCarryToken, presentedTokens } from "../../bypass/token.ts";
import type { Clock } from "../../clock.ts";
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
import { findExemption, MAX_BYPASS_COOKIES } from "./find-exemption.ts";
import { isReading } from "./is-reading.ts";
import type { RequestFacts } from "./request-facts.ts";
import { type Closure, strictestClosure } from "./strictest-closure.ts";

/**
 * Decides whether a request passes. Pure, synchronous and total: depends on the facts, the snapshot and the time (epoch milliseconds),
 * never waits and never throws. The order of the steps is part of the contract.
 */
export function decide(facts: RequestFacts, snapshot: Snapshot, now: number): Decision {
  let strictest = decideForHost(facts.host, facts, snapshot, now);
  for (const host of facts.otherHosts) {
    const decision = decideForHost(host, facts, snapshot, now);
    if (severity(decision) > severity(strictest)) strictest = decision;
  }
  return strictest;
}

function severity(decision: Decision): number {
  if (decision.outcome === "allow") return decision.bypass ? 1 : 0;
  return { admit: 2, defer: 3, block: 4 }[decision.outcome];
}

/** Decides as for a request to `host`. */
function decideForHost(host: string | undefined, facts: RequestFacts, snapshot: Snapshot, now: number): Decision {
  const { policy } = snapshot;
  /** `null` if the path is unclear: then it is never exempt, and inside every scope. */
  const path = normalizePath(facts.target);
  /** `null` if the host belongs to no site: then the rules for all sites apply. */
  const found = snapshot.byHost.find(host);
  /** The site whose rules apply too. */
  const site = found === UNCLEAR ? null : found;

  // 1. Operator surfaces always pass.
  const surface = path === null ? null : (policy.operatorPaths?.match(path) ?? null);
  if (surface !== null) return allow("operator-surface", snapshot, ruleOf(surface));

  // 2. The mark of the route. The application may read an unclear path as that of another route.
  if (facts.route === "forced-open" && path !== null) return allow("route-forced-open", snapshot);
  if (facts.route === "forced-closed") {
    return block("route-forced-closed", snapshot, fullClosure(site ?? snapshot.all));
  }

  // 3. An override takes precedence over the store; for a state that was never loaded the configuration decides.
  if (policy.override?.mode === "open") return allow("override-open", snapshot);
  const imposed = policy.override !== null ? "override-closed" : snapshot.neverLoaded ? "never-loaded" : null;
  const isUnknown = imposed === "never-loaded" && policy.whenNeverLoaded === "open";
  if (isUnknown && snapshot.fence === null) return allow("open", snapshot);

  // 4. The mode in force, and the requests that it lets pass.
  const closure =
    imposed === null || isUnknown ? strictestClosure(snapshot, found, path, now) : fullClosure(snapshot.all);
  if (closure === "open" || closure === "out-of-scope") return allow(closure, snapshot);
  if (closure.mode === "read-only") {
    const reading = isReading(facts, path, policy);
    if (reading === "ask") return defer("operation", snapshot, closure);
    if (reading !== null)
      return { ...allow(reading.reason, snapshot, reading.rule), site: closure.site.id, mode: closure.mode };
  }

  // 5. In lockdown no exemption applies.
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

  // 7. Everything else is blocked.
  return block(closure.fenced ? "fenced" : (imposed ?? "mode"), snapshot, closure);
}

/** A redirect would lose the body of a `POST`: such a request passes without one. */
function isRepeatable({ method }: RequestFacts): boolean {
  return method === "GET" || method === "HEAD";
}

/** A closure of the whole site without an end. */
function fullClosure(site: CompiledSite): Closure {
  return { site, mode: "closed", lockdown: false, alone: false, fenced: false };
}

function allow(reason: AllowReason, snapshot: Snapshot, rule: Rule | null = null): Allow {
  return { outcome: "allow", reason, site: null, mode: "open", rule, bypass: false, version: snapshot.version };
}

function block(reason: BlockReason, snapshot: Snapshot, { site, mode }: Closure): Block {
  // Only a switch has a known end: closures by a route or the environment have none.
  const until = (reason === "mode" || reason === "lockdown") && Number.isFinite(site.until) ? site.until : null;
  return { outcome: "block", reason, site: site.id, mode, until, version: snapshot.version };
}

function defer(needs: "user" | "operation", snapshot: Snapshot, { site, mode }: Closure): Decision {
  return { outcome: "defer", needs, site: site.id, mode, version: snapshot.version };
}

/**
 * Returns the decision that `decide` makes at any time, if finding the site is enough for it: nothing that applies to this request is
 * closed. Returns `null` if it is not enough. While one site is closed, requests for other sites must not become slower.
 */
export function allowIfOpen(facts: RequestFacts, snapshot: Snapshot): Allow | null {
  const { open } = snapshot;
  if (open === null || facts.route !== undefined) return null;
  if (!isOfOpenSite(facts.host, snapshot)) return null;
  for (const host of facts.otherHosts) if (!isOfOpenSite(host, snapshot)) return null;
  return isOperatorSurface(facts, snapshot) ? null : open;
}

/** False for an unclear host, which needs the full decision. */
function isOfOpenSite(host: string | undefined, { byHost }: Snapshot): boolean {
  const site = byHost.find(host);
  return site === null || (site !== UNCLEAR && site.mode === "open");
}

/** Such a request passes too, but for another reason. */
function isOperatorSurface(facts: RequestFacts, { policy }: Snapshot): boolean {
  if (policy.operatorPaths === null) return false;
  const path = normalizePath(facts.target);
  return path !== null && policy.operatorPaths.match(path) !== null;
}

/**
 * As `decide`, but counts wrong tokens and forged cookies as guesses. If a client has used up its guesses, only one cookie of a request is
 * checked. Browsers send only one, so a genuine cookie still works. Reads the clock only if something is closed.
 */
export function decideLimitingGuesses(
  facts: RequestFacts,
  snapshot: Snapshot,
  clock: Pick<Clock, "now">,
  guesses: GuessLimiter,
): Decision {
  const open = allowIfOpen(facts, snapshot);
  if (open !== null) return open;
  const now = clock.now();
  const presents = mayCarryToken(facts.target);
  const name = bypassCookieName(snapshot.policy.secureCookies);
  const header = facts.header("cookie");
  if (!presents && header?.includes(name) !== true) return decide(facts, snapshot, now);
  let cookies = cookieValues(header ?? "", name).slice(0, MAX_BYPASS_COOKIES);
  let judged = facts;
  if (cookies.length > 1 && guesses.isExhausted(facts.address, now)) {
    cookies = cookies.slice(0, 1);
    judged = withCookie(facts, `${name}=${cookies[0] ?? ""}`);
  }
  const decision = decide(judged, snapshot, now);
  if (decision.outcome !== "block" || !LOOKED_AT.has(decision.reason)) return decision;
  const isGuess =
    (presents && presentedTokens(facts.target) !== null) || cookies.some((one) => isForged(one, facts, snapshot, now));
  if (isGuess) guesses.fail(facts.address, now);
  return decision;
}

/** Reasons of blocks for which exemptions were checked. */
const LOOKED_AT: ReadonlySet<BlockReason> = new Set(["mode", "override-closed", "never-loaded", "fenced"]);

function isForged(value: string, { host }: RequestFacts, { byHost, forAll }: Snapshot, now: number): boolean {
  const site = byHost.find(host);
  const holders = site === null || site === UNCLEAR ? forAll : [site, ...forAll];
  return holders.some(({ links }) => links?.isForged(value, now) === true);
}

function withCookie(facts: RequestFacts, cookie: string): RequestFacts {
  return {
    method: facts.method,
    host: facts.host,
    otherHosts: facts.otherHosts,
    target: facts.target,
    get address() {
      return facts.address;
    },
    user: facts.user,
    operation: facts.operation,
    route: facts.route,
    header: (name) => (name === "cookie" ? cookie : facts.header(name)),
  };
}
