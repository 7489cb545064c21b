import { verifyGrant } from "../../bypass/bypass-cookie.ts";
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

/** A genuine cookie. */
interface Verified {
  readonly link: BypassLink;
  /** Epoch milliseconds; `-Infinity` for a cookie of another site or of an earlier generation of links. */
  readonly expires: number;
}

/**
 * Minimum number of genuine cookies of one record that are remembered, some 200 bytes each; up to twice as many are. A forgotten one costs
 * a signature check again.
 */
export const MAX_REMEMBERED_COOKIES = 10_000;

/** A token has 43 characters: a much longer text is not hashed. */
const MAX_TOKEN_LENGTH = 100;

/** Returns `null` for a record without links. */
export function compileLinks({ id: site, links, linkGeneration }: SiteRecord): CompiledLinks | null {
  if (links.length === 0) return null;
  const byId = new Map(links.map((link) => [link.id, link]));
  const byHash = new Map(links.map((link) => [link.hash, link]));
  // Only genuine cookies are remembered, so that clients cannot fill the memory with invented ones.
  let recent = new Map<string, Verified>();
  let older: ReadonlyMap<string, Verified> = new Map();

  function remember(value: string, verified: Verified): Verified {
    if (recent.size >= MAX_REMEMBERED_COOKIES) {
      older = recent;
      recent = new Map();
    }
    recent.set(value, verified);
    return verified;
  }

  function recall(value: string): Verified | null {
    const known = recent.get(value);
    if (known !== undefined) return known;
    const old = older.get(value);
    return old === undefined ? null : remember(value, old);
  }

  function verify(value: string, keys: readonly string[], now: number): Verified | null {
    const link = byId.get(claimedPart(value));
    if (link === undefined || !isCurrent(link, now)) return null;
    const grant = verifyGrant(value, keysFor(link, keys));
    if (grant === null) return null;
    const isOfSite = grant.site === site && grant.generation === linkGeneration;
    return remember(value, { link, expires: isOfSite ? grant.expires * 1_000 : Number.NEGATIVE_INFINITY });
  }

  return {
    byToken(token, now) {
      if (token.length > MAX_TOKEN_LENGTH) return null;
      const hash = hashToken(token);
      const found = byHash.get(hash);
      return found !== undefined && equalInConstantTime(found.hash, hash) && isCurrent(found, now) ? found : null;
    },
    byCookie(value, keys, now) {
      const found = recall(value) ?? verify(value, keys, now);
      return found !== null && now < found.expires && isCurrent(found.link, now) ? found.link : null;
    },
    isForged(value, now) {
      const link = byId.get(claimedPart(value));
      return link !== undefined && isCurrent(link, now) && recall(value) === null;
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
