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

/** The stored token that was presented. All are compared, so that the time tells nothing of which it was. */
export function findToken(presented: string, tokens: readonly AccessToken[]): AccessToken | null {
  const hash = hashToken(presented);
  let found: AccessToken | null = null;
  for (const token of tokens) if (equalInConstantTime(token.hash, hash)) found = token;
  return found;
}

export function hasExpired({ expires }: AccessToken, now: number): boolean {
  return expires !== null && now >= parseInstant(expires);
}
