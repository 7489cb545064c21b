import { signGrant } from "../../bypass/bypass-cookie.ts";
import { bypassCookieName, setCookie } from "../../bypass/cookie-header.ts";
import { presentedTokens } from "../../bypass/token.ts";
import { parseInstant } from "../../state/instant.ts";
import type { Admit } from "../decide/decision.ts";
import type { RequestFacts } from "../decide/request-facts.ts";
import { keysFor } from "../snapshot/compiled-links.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { bypassHeader } from "./maintenance-header.ts";
import { lengthOf, type ResponsePlan } from "./response-plan.ts";

/** The cookie of a link without an end expires after a day; then the link has to be opened again. */
const DAY_IN_SECONDS = 86_400;

/** Exchanges a token for a cookie, and redirects the browser to the same address without the token. */
export function planAdmission(admit: Admit, facts: RequestFacts, snapshot: Snapshot, now: number): ResponsePlan {
  const { keys, secureCookies } = snapshot.policy;
  const holder = snapshot.sites.get(admit.holder) ?? snapshot.all;
  const link = holder.record.links.find(({ id }) => id === admit.link);
  const location = sameHost(presentedTokens(facts.target)?.rest ?? "/");
  const headers = [
    ...["Location", location],
    ...["Cache-Control", "no-store"],
    ...["Referrer-Policy", "no-referrer"],
    ...["Maintenance", bypassHeader(admit)],
    ...lengthOf(""),
  ];
  const [key] = link === undefined ? [] : keysFor(link, keys);
  // Revoked between deciding and answering: the request without the token is decided again.
  if (link === undefined || key === undefined) return { status: 302, headers, body: null };
  const seconds = Math.floor(now / 1000);
  const end = link.expires === null ? seconds + DAY_IN_SECONDS : Math.floor(parseInstant(link.expires) / 1000);
  const grant = { link: link.id, site: holder.id, generation: holder.record.linkGeneration, expires: end };
  const cookie = setCookie(
    { name: bypassCookieName(secureCookies), secure: secureCookies },
    signGrant(grant, key),
    end - seconds,
  );
  return { status: 302, headers: [...headers, "Set-Cookie", cookie], body: null };
}

/** Only the path is kept: `//host/path` or an absolute target would lead to another host. */
function sameHost(target: string): string {
  return `/${target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/^[/\\]+/, "")}`;
}
