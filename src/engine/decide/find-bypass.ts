import { presentedTokens } from "../../bypass/access-token.ts";
import { bypassCookieName, cookieValues } from "../../bypass/cookie-header.ts";
import type { BypassLink } from "../../state/bypass-link.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import type { Policy } from "../snapshot/policy.ts";
import type { RequestFacts } from "./request-facts.ts";

export interface Bypass {
  readonly reason: "bypass-link" | "bypass-cookie";
  readonly link: BypassLink;
  /** Whose record holds the link. */
  readonly holder: CompiledSite;
}

/** Cookies of one request beyond these are not looked at: each that names a link costs a signature. Browsers send one. */
export const MAX_BYPASS_COOKIES = 4;

/** The bypass link by which a request may pass: presented by its token, or swapped for a cookie before. */
export function findBypass(
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
