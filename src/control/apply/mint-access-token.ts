import { hashToken, mintToken } from "../../bypass/token.ts";
import type { Right } from "../../state/access-token.ts";
import type { Actor } from "../../state/actor.ts";
import type { End } from "../../state/end.ts";
import type { AddTokenCommand } from "../command.ts";

/** The prefix of every access token, by which people and secret scanners recognise one. */
export const ACCESS_TOKEN_PREFIX = "mm_";

/** @example { name: "ci", may: ["view", "switch"], sites: ["shop"], expires: "90d" } */
export interface NewToken {
  /** The person or program, which the history shows with every change that is made with the token: 1 to 100 characters. */
  readonly name: string;
  /** One right or more. */
  readonly may: readonly Right[];
  /**
   * Ids of the sites on which the rights hold.
   * @default null: every site
   */
  readonly sites?: readonly string[] | null | undefined;
  /**
   * A `Date`, an RFC 3339 time or a duration such as `2h`.
   * @default null: until it is revoked
   */
  readonly expires?: End | null | undefined;
  /** Why, for the history: up to 500 characters. */
  readonly reason?: string | undefined;
  /**
   * The actor that the history shows, or its label.
   * @default the `by` of `createController`
   */
  readonly by?: Actor | string | undefined;
}

export interface MintedToken {
  /** 256 random bits after the prefix. Shown once and never stored. */
  readonly secret: string;
  /** The stored part. */
  readonly token: AddTokenCommand["token"];
}

/** Creates a token. */
export function mintAccessToken({ name, may, sites = null, expires = null }: NewToken): MintedToken {
  const secret = `${ACCESS_TOKEN_PREFIX}${mintToken()}`;
  return { secret, token: { id: mintId(), name, hash: hashToken(secret), may, sites, expires } };
}

/** Returns eight random letters and digits; not secret. The command line would read an id that begins with `-` as an option. */
export function mintId(): string {
  const id = mintToken()
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 8);
  return id.length === 8 ? id : mintId();
}
