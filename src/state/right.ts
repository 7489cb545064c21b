/**
 * What somebody may do in the admin. `view`: see everything but secrets. `switch`: close and open. `edit`: a site's settings and
 * exemptions. `links`: bypass links. `access`: tokens and sessions, and so, in the end, everything.
 */
export type Right = "view" | "switch" | "edit" | "links" | "access";

export const RIGHTS: readonly Right[] = ["view", "switch", "edit", "links", "access"];
