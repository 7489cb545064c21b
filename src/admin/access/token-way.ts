import { equalInConstantTime, hashToken } from "../../bypass/token.ts";
import { ACCESS_TOKEN_PREFIX } from "../../control/apply/mint-access-token.ts";
import type { AccessRecord, AccessToken } from "../../state/access-token.ts";
import { parseInstant } from "../../state/instant.ts";
import type { AdminRequest } from "./access.ts";
import { createAttemptLimiter } from "./attempt-limiter.ts";
import { grant } from "./principal.ts";
import type { Known, Refusal } from "./refusal.ts";

/** Identifies the caller by a bearer token; returns `null` if the request has none of this package. `access` is `null` before the first load. */
export type TokenWay = (request: AdminRequest, access: AccessRecord | null, now: number) => Known | Refusal | null;

const INVALID = ', error="invalid_token"';

/** `othersBearers`: the application has its own bearer tokens, which are left to it. */
export function createTokenWay(othersBearers: boolean): TokenWay {
  const guesses = createAttemptLimiter();

  return ({ request, address }, access, now) => {
    const presented = presentedToken(request.headers);
    if (presented === null || (othersBearers && !presented.startsWith(ACCESS_TOKEN_PREFIX))) return null;
    if (access === null) return { status: 503, message: "The state was never loaded, so no token is known." };
    const token = findToken(presented, access.tokens);
    if (token === null) {
      // A genuine token is accepted even so: no guess of 256 bits succeeds, and a script with an old token must not lock out others at its address.
      const retryAfter = guesses.wait(address, now);
      if (retryAfter > 0) return { status: 429, message: "Too many wrong tokens from this address.", retryAfter };
      guesses.fail(address, now);
      return { status: 401, message: "The token is wrong, or was revoked.", challenge: INVALID };
    }
    const { id, name, may, sites } = token;
    if (hasExpired(token, now)) {
      return { status: 401, message: `The token '${name}' has expired.`, who: name, challenge: INVALID };
    }
    return { outcome: "known", principal: { name, via: "token", key: id, ...grant(may, sites) }, headers: [] };
  };
}

const MAX_TOKEN_LENGTH = 500;

/** Returns the token of `Authorization: Bearer` (RFC 6750 section 2.1); `null` without this header; empty if malformed. */
export function presentedToken(headers: Headers): string | null {
  const value = headers.get("authorization") ?? "";
  if (!/^bearer(?: |$)/i.test(value)) return null;
  const token = /^bearer +([\w.~+/=-]+)$/i.exec(value)?.[1] ?? "";
  return token.length > MAX_TOKEN_LENGTH ? "" : token;
}

/** Tokens by hash, one index per list: the record of `*` keeps its list until it changes. */
const indexes = new WeakMap<readonly AccessToken[], ReadonlyMap<string, AccessToken>>();

/** Returns the stored token, found by its hash: clients cannot control how much of a hash matches. */
function findToken(presented: string, tokens: readonly AccessToken[]): AccessToken | null {
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
