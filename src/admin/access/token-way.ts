import { ACCESS_TOKEN_PREFIX } from "../../control/apply/mint-access-token.ts";
import type { AccessRecord } from "../../state/access-token.ts";
import type { AdminRequest } from "./access.ts";
import { createAttemptLimiter } from "./attempt-limiter.ts";
import { findToken, hasExpired, presentedToken } from "./bearer-token.ts";
import type { Known, Refusal } from "./refusal.ts";
import { grant } from "./rights.ts";

/** Whom the bearer token of a request vouches for; `null`: it carries none of ours. `access`: `null` while nothing was loaded. */
export type TokenWay = (request: AdminRequest, access: AccessRecord | null, now: number) => Known | Refusal | null;

const INVALID = ', error="invalid_token"';

/** `othersBearers`: the application has bearer tokens of its own, which are left to it. */
export function createTokenWay(othersBearers: boolean): TokenWay {
  const guesses = createAttemptLimiter();

  return ({ request, address }, access, now) => {
    const presented = presentedToken(request.headers);
    if (presented === null || (othersBearers && !presented.startsWith(ACCESS_TOKEN_PREFIX))) return null;
    if (access === null) return { status: 503, message: "The state was never loaded, so that no token is known." };
    const token = findToken(presented, access.tokens);
    if (token === null) {
      // A genuine one is let in even so: no guess of 256 bits succeeds, and one script with an old token must not lock out its neighbours.
      const retryAfter = guesses.wait(address, now);
      if (retryAfter > 0) return { status: 429, message: "Too many wrong tokens came from there.", retryAfter };
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
