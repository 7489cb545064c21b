import { bypassCookieName, cookieValues } from "../../bypass/cookie-header.ts";
import { presentedTokens } from "../../bypass/token.ts";
import type { AddressMatcher, AddressRule } from "../../rules/addresses/matcher.ts";
import type { PathRule } from "../../rules/paths/matcher.ts";
import type { BypassLink } from "../../state/bypass-link.ts";
import { hasOwnRedirect, isExemptTarget } from "../answer/redirect.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import type { Policy } from "../snapshot/policy.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type ExemptionReason, type Rule, ruleOf } from "./decision.ts";
import { clearMethod, isRetrieval } from "./is-reading.ts";
import { ANONYMOUS, type RequestFacts, type UserFacts } from "./request-facts.ts";
import type { Closure } from "./strictest-closure.ts";
import { isToBeLoggedOut } from "./user-facts.ts";

export type Exemption =
  | { readonly reason: Exclude<ExemptionReason, "bypass-link">; readonly rule: Rule | null }
  | { readonly reason: "bypass-link"; readonly rule: Rule; readonly link: string; readonly holder: string };

const CHALLENGES = /^\/\.well-known\/acme-challenge(?:\/|$)/i;
const CHALLENGE = /^\/\.well-known\/acme-challenge\/[\w-]+$/i;

/**
 * Returns the first rule that lets this request pass, checking cheap rules first; `null` if there is none, `"ask"` if it depends on the
 * user and `facts.user` is not known. The rules of the site, the gate's groups, `*` and the configuration all apply.
 */
export function findExemption(
  facts: RequestFacts,
  snapshot: Snapshot,
  site: CompiledSite | null,
  closure: Closure,
  path: string | null,
  now: number,
): Exemption | "ask" | null {
  const { policy } = snapshot;
  /** The sites whose records apply. */
  const holders = site === null ? snapshot.forAll : [site, ...snapshot.forAll];
  const limited = closure.alone ? closure.site.rules.limited : null;
  if (policy.testRun) return { reason: "test-run", rule: null };
  const address = addressRule(facts, policy, holders) ?? ruleFor(facts, limited?.exemptAddresses ?? null);
  if (address !== null)
    return {
      reason: "address",
      rule: { text: address.range, source: address.source, description: address.description },
    };
  if (path !== null) {
    const rule = pathRule(facts, path, policy, holders) ?? limited?.exemptPaths?.match(path) ?? null;
    if (rule !== null) return { reason: "path", rule: ruleOf(rule) };
  }
  const method = policy.exemptMethods.size === 0 ? null : clearMethod(facts);
  if (method !== null && policy.exemptMethods.has(method)) {
    return { reason: "method", rule: { text: method, source: "configuration", description: "" } };
  }
  const reachesTarget = closure.alone || !hasOwnRedirect(closure.site);
  if (path !== null && reachesTarget && isExemptTarget(facts, path, closure.site, snapshot))
    return { reason: "redirect-target", rule: null };
  const bypass = findBypass(
    facts,
    holders,
    policy,
    now,
    (link, holder) => link.limited !== true || (closure.alone && closure.site === holder),
  );
  if (bypass !== null) return bypassExemption(bypass);
  return userExemption(facts.user, closure, policy);
}

function bypassExemption(bypass: Bypass): Exemption {
  const { reason, link, holder } = bypass;
  const rule = { text: link.id, source: holder.id, description: link.label };
  return reason === "bypass-link" ? { reason, rule, link: link.id, holder: holder.id } : { reason, rule };
}

function pathRule(
  facts: RequestFacts,
  path: string,
  policy: Policy,
  holders: readonly CompiledSite[],
): PathRule | null {
  const configured = isRetrieval(facts) && !isOddChallenge(path) ? policy.exemptPaths : policy.exemptForAnyMethod;
  let rule = configured?.match(path) ?? null;
  for (const { rules } of holders) rule ??= rules.exemptPaths?.match(path) ?? null;
  return rule;
}

/** Whether a path below the folder of challenges (RFC 8555 section 8.3) is not one: a token is one segment of base64url. */
function isOddChallenge(path: string): boolean {
  return CHALLENGES.test(path) && !CHALLENGE.test(path);
}

function addressRule(facts: RequestFacts, policy: Policy, holders: readonly CompiledSite[]): AddressRule | null {
  let rule = ruleFor(facts, policy.exemptAddresses);
  for (const { rules } of holders) rule ??= ruleFor(facts, rules.exemptAddresses);
  return rule;
}

/** Reads the address only if there are rules. */
function ruleFor(facts: RequestFacts, matcher: AddressMatcher | null): AddressRule | null {
  return matcher === null || facts.address === undefined ? null : matcher.explain(facts.address);
}

function userExemption(
  known: UserFacts | undefined,
  { mode }: Closure,
  { users, logOut }: Policy,
): Exemption | "ask" | null {
  if (users === null && logOut === null) return null;
  if (known === undefined) return "ask";
  if (users === null) return null;
  // Users matched by `logOut` are treated as anonymous, except in read-only mode.
  const user = mode !== "read-only" && isToBeLoggedOut(known, logOut) ? ANONYMOUS : known;
  const kind = user.exempt
    ? "the application's predicate"
    : users.anonymous && !user.authenticated
      ? "anonymous"
      : users.authenticated && user.authenticated
        ? "authenticated"
        : users.staff && user.staff
          ? "staff"
          : users.superuser && user.superuser
            ? "superuser"
            : null;
  return kind === null ? null : { reason: "user", rule: { text: kind, source: "configuration", description: "" } };
}

interface Bypass {
  readonly reason: "bypass-link" | "bypass-cookie";
  readonly link: BypassLink;
  /** The site whose record contains the link. */
  readonly holder: CompiledSite;
}

/** Further cookies of a request are ignored: each that names a link costs a signature check. Browsers send one. */
export const MAX_BYPASS_COOKIES = 4;

/** Returns the bypass link by which a request may pass: by its token, or by the cookie that replaced the token. */
function findBypass(
  facts: RequestFacts,
  holders: readonly CompiledSite[],
  policy: Policy,
  now: number,
  counts: (link: BypassLink, holder: CompiledSite) => boolean,
): Bypass | null {
  if (holders.every(({ links }) => links === null)) return null;
  const tokens = presentedTokens(facts.target)?.tokens ?? [];
  const cookies = cookieValues(facts.header("cookie") ?? "", bypassCookieName(policy.secureCookies)).slice(
    0,
    MAX_BYPASS_COOKIES,
  );
  for (const holder of holders) {
    const { links } = holder;
    if (links === null) continue;
    for (const token of tokens) {
      const byToken = links.byToken(token, now);
      if (byToken !== null && counts(byToken, holder)) return { reason: "bypass-link", link: byToken, holder };
    }
    for (const value of cookies) {
      const byCookie = links.byCookie(value, policy.keys, now);
      if (byCookie !== null && counts(byCookie, holder)) return { reason: "bypass-cookie", link: byCookie, holder };
    }
  }
  return null;
}
