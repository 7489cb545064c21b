import type { Right } from "../../state/right.ts";

export { RIGHTS, type Right } from "../../state/right.ts";

/** Who asks, and what they may do. */
export interface Principal {
  /** As the history shows it. */
  readonly name: string;
  readonly via: "application" | "token" | "session";
  /** Tells apart what has the same name: the token, the session, or the client of an account. No secret. */
  readonly key: string;
  /** Ids of the only sites on which it may anything; `null` or left out: that may be any. Work that it asks for is done on these. */
  readonly sites?: readonly string[] | null;
  /** `site` is an id or `*`, which is every site. */
  may(right: Right, site: string): boolean;
}
