import { mayCarryToken, presentedTokens } from "../../bypass/access-token.ts";
import { bypassCookieName, cookieValues } from "../../bypass/cookie-header.ts";
import type { GuessLimiter } from "../../bypass/guess-limiter.ts";
import type { Clock } from "../../clock.ts";
import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { decide } from "./decide.ts";
import type { BlockReason, Decision } from "./decision.ts";
import { MAX_BYPASS_COOKIES } from "./find-bypass.ts";
import { decideOpen } from "./open.ts";
import type { RequestFacts } from "./request-facts.ts";

/**
 * `decide`, which counts wrong tokens and forged cookies as guesses. A client that has used up its guesses has one cookie looked at
 * instead of several: what is genuine lets in all the same, since browsers send one. Asks for the time only where something is closed.
 */
export function decideLimited(
  facts: RequestFacts,
  snapshot: Snapshot,
  clock: Pick<Clock, "now">,
  guesses: GuessLimiter,
): Decision {
  const open = decideOpen(facts, snapshot);
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

/** Blocks before which exemptions were looked at. */
const LOOKED_AT: ReadonlySet<BlockReason> = new Set(["mode", "override-closed", "never-loaded"]);

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
