import { hashToken, mintToken } from "../bypass/access-token.ts";
import type { AccessToken } from "../state/access-token.ts";
import type { Right } from "../state/right.ts";
import { mintId } from "./mint-id.ts";

/** How every access token begins, so that a person, and whatever searches code for secrets, knows one. */
export const ACCESS_TOKEN_PREFIX = "mm_";

export interface NewToken {
  /** For whom or what: the history shows it with every change that is made with the token. */
  readonly name: string;
  readonly may: readonly Right[];
  /** Ids; `null` or left out: every site. */
  readonly sites?: readonly string[] | null | undefined;
  /** RFC 3339, in the future; `null` or left out: until it is revoked. */
  readonly expires?: string | null | undefined;
  readonly reason?: string | undefined;
}

export interface MintedToken {
  /** 256 random bits behind the prefix. Shown once, and stored nowhere. */
  readonly secret: string;
  /** What is stored. */
  readonly token: Omit<AccessToken, "created">;
}

export function mintAccessToken({ name, may, sites = null, expires = null }: NewToken): MintedToken {
  const secret = `${ACCESS_TOKEN_PREFIX}${mintToken()}`;
  return { secret, token: { id: mintId(), name, hash: hashToken(secret), may, sites, expires } };
}
