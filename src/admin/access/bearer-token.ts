import { hashToken } from "../../bypass/access-token.ts";
import { equalInConstantTime } from "../../bypass/equal-in-constant-time.ts";
import type { AccessToken } from "../../state/access-token.ts";
import { parseInstant } from "../../state/instant.ts";

const LONGEST = 500;

/** What stands behind `Authorization: Bearer` (RFC 6750 section 2.1); `null`: no such header. What is malformed is an empty token. */
export function presentedToken(headers: Headers): string | null {
  const value = headers.get("authorization") ?? "";
  if (!/^bearer(?: |$)/i.test(value)) return null;
  const token = /^bearer +([\w.~+/=-]+)$/i.exec(value)?.[1] ?? "";
  return token.length > LONGEST ? "" : token;
}

/** By their hashes, once for each list: the record of `*` keeps its list until it changes. */
const indexes = new WeakMap<readonly AccessToken[], ReadonlyMap<string, AccessToken>>();

/** The stored token that was presented, found by its hash: no client can choose how much of that matches. */
export function findToken(presented: string, tokens: readonly AccessToken[]): AccessToken | null {
  let index = indexes.get(tokens);
  if (index === undefined) {
    index = new Map(tokens.map((token) => [token.hash, token]));
    indexes.set(tokens, index);
  }
  const hash = hashToken(presented);
  const found = index.get(hash);
  return found !== undefined && equalInConstantTime(found.hash, hash) ? found : null;
}

export function hasExpired({ expires }: AccessToken, now: number): boolean {
  return expires !== null && now >= parseInstant(expires);
}
