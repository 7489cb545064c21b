/** `view`: see everything but secrets. `switch`: close and open. `edit`: a site's settings and exemptions. `links`: bypass links. `access`: tokens and sessions. */
export type Right = "view" | "switch" | "edit" | "links" | "access";

export const RIGHTS: readonly Right[] = ["view", "switch", "edit", "links", "access"];

/** Who asks, and what they may do. */
export interface Principal {
  /** As the history shows it. */
  readonly name: string;
  readonly via: "application" | "token" | "session";
  /** `site` is an id or `*`, which is every site. */
  may(right: Right, site: string): boolean;
}
