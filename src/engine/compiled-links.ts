import { hashToken } from "../bypass/access-token.ts";
import { type BypassGrant, claimedLink, verifyGrant } from "../bypass/bypass-cookie.ts";
import { equalInConstantTime } from "../bypass/equal-in-constant-time.ts";
import type { BypassLink } from "../state/bypass-link.ts";
import { parseInstant } from "../state/instant.ts";
import type { SiteRecord } from "../state/site-record.ts";

/** The bypass links of one record, ready to be asked. */
export interface CompiledLinks {
  /** The link that `token` opens at `now` (epoch milliseconds), or `null`. */
  byToken(token: string, now: number): BypassLink | null;
  /** The link for which a cookie's value was issued, when it is genuine and lets in at `now`; else `null`. */
  byCookie(value: string, keys: readonly string[], now: number): BypassLink | null;
}

const MOST_REMEMBERED = 1_000;

/** `null` for a record without links. */
export function compileLinks({ id: site, links, linkGeneration }: SiteRecord): CompiledLinks | null {
  if (links.length === 0) return null;
  const byId = new Map(links.map((link) => [link.id, link]));
  // Only what was found genuine is kept, so that nobody fills this with what they made up.
  const verified = new Map<string, BypassGrant>();

  function verify(value: string, keys: readonly string[]): BypassGrant | null {
    const known = verified.get(value);
    if (known !== undefined) return known;
    const grant = verifyGrant(value, keys);
    if (grant !== null && verified.size < MOST_REMEMBERED) verified.set(value, grant);
    return grant;
  }

  return {
    byToken(token, now) {
      const hash = hashToken(token);
      let found: BypassLink | null = null;
      for (const link of links) {
        if (equalInConstantTime(link.hash, hash)) found = link;
      }
      return found !== null && isCurrent(found, now) ? found : null;
    },
    byCookie(value, keys, now) {
      const link = byId.get(claimedLink(value));
      if (link === undefined || !isCurrent(link, now)) return null;
      const grant = verify(value, keysFor(link, keys));
      if (grant === null || grant.site !== site || grant.generation !== linkGeneration) return null;
      return now < grant.expires * 1000 ? link : null;
    },
  };
}

/** The configured keys, newest first; without any, the one that was made with the link. */
export function keysFor(link: BypassLink, configured: readonly string[]): readonly string[] {
  return configured.length > 0 ? configured : [link.key];
}

function isCurrent({ expires }: BypassLink, now: number): boolean {
  return expires === null || now < parseInstant(expires);
}
