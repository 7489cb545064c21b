import type { Right } from "../../state/right.ts";

export { RIGHTS, type Right } from "../../state/right.ts";

/** Who asks, and what they may do. */
export interface Principal {
  /** As the history shows it. */
  readonly name: string;
  readonly via: "application" | "token" | "session";
  /** Tells apart what has the same name: the token, the session, or the client of an account. No secret. */
  readonly key: string;
  /** `site` is an id or `*`, which is every site. */
  may(right: Right, site: string): boolean;
}
