import { type BypassGrant, verifyGrant } from "../../bypass/bypass-cookie.ts";
import { claimedPart } from "../../bypass/signed-value.ts";
import { equalInConstantTime, hashToken } from "../../bypass/token.ts";
import type { BypassLink } from "../../state/bypass-link.ts";
import { parseInstant } from "../../state/instant.ts";
import type { SiteRecord } from "../../state/site-record.ts";

/** The bypass links of one record, compiled. */
export interface CompiledLinks {
  /** Returns the link that `token` opens at `now` (epoch milliseconds), or `null`. Costs one hash, whatever the number of links. */
  byToken(token: string, now: number): BypassLink | null;
  /** Returns the link for which a cookie was issued, if the cookie is genuine and valid at `now`; else `null`. */
  byCookie(value: string, keys: readonly string[], now: number): BypassLink | null;
  /** Called after `byCookie`: whether the value names a link that is valid now, and was not signed for it. */
  isForged(value: string, now: number): boolean;
}

/** Number of genuine cookies of one record that are remembered, some 200 bytes each. A forgotten one costs a signature check again. */
export const MAX_REMEMBERED_COOKIES = 10_000;

/** A token has 43 characters: a much longer text is not hashed. */
const MAX_TOKEN_LENGTH = 100;

/** Returns `null` for a record without links. */
export function compileLinks({ id: site, links, linkGeneration }: SiteRecord): CompiledLinks | null {
  if (links.length === 0) return null;
  const byId = new Map(links.map((link) => [link.id, link]));
  const byHash = new Map(links.map((link) => [link.hash, link]));
  // Only genuine cookies are remembered, so that clients cannot fill the memory with invented ones.
  const verified = new Map<string, BypassGrant>();

  function verify(value: string, keys: readonly string[]): BypassGrant | null {
    const known = verified.get(value);
    if (known !== undefined) return known;
    const grant = verifyGrant(value, keys);
    if (grant === null) return null;
    if (verified.size >= MAX_REMEMBERED_COOKIES) verified.delete(verified.keys().next().value ?? "");
    verified.set(value, grant);
    return grant;
  }

  return {
    byToken(token, now) {
      if (token.length > MAX_TOKEN_LENGTH) return null;
      const hash = hashToken(token);
      const found = byHash.get(hash);
      return found !== undefined && equalInConstantTime(found.hash, hash) && isCurrent(found, now) ? found : null;
    },
    byCookie(value, keys, now) {
      const link = byId.get(claimedPart(value));
      if (link === undefined || !isCurrent(link, now)) return null;
      const grant = verify(value, keysFor(link, keys));
      if (grant === null || grant.site !== site || grant.generation !== linkGeneration) return null;
      return now < grant.expires * 1000 ? link : null;
    },
    isForged(value, now) {
      const link = byId.get(claimedPart(value));
      return link !== undefined && isCurrent(link, now) && !verified.has(value);
    },
  };
}

/** Returns the configured keys, newest first; if there are none, the key of the link itself. */
export function keysFor(link: BypassLink, configured: readonly string[]): readonly string[] {
  return configured.length > 0 ? configured : [link.key];
}

function isCurrent({ expires }: BypassLink, now: number): boolean {
  return expires === null || now < parseInstant(expires);
}
