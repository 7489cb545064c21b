import type { Right } from "../../state/access-token.ts";
import { ALL_SITES } from "../../state/site-record.ts";

export { RIGHTS, type Right } from "../../state/access-token.ts";

/** An identified caller and its rights. */
export interface Principal {
  /** Name for the history. */
  readonly name: string;
  readonly via: "application" | "token" | "session";
  /** Distinguishes callers of the same name: the token, the session, or the client of an account. Not secret. */
  readonly key: string;
  /** Ids of the only sites on which the caller has any right; `null` or absent for any site. Requests are limited to these. */
  readonly sites?: readonly string[] | null;
  /** Whether the caller has the right on `site`, an id or `*` for every site. */
  may(right: Right, site: string): boolean;
}

/** Returns whether rights on `sites` (`null` for every site) apply to a site. They apply to `*` only if they are on every site. */
export function reachOf(sites: readonly string[] | null): (site: string) => boolean {
  if (isEverySite(sites)) return () => true;
  const ids = new Set(sites ?? []);
  return (site) => ids.has(site);
}

export function isEverySite(sites: readonly string[] | null | undefined): boolean {
  return sites === null || sites === undefined || sites.includes(ALL_SITES);
}

/** Returns the rights of a principal: a list, on some sites or on all. */
export function grant(rights: readonly Right[], sites: readonly string[] | null): Pick<Principal, "may" | "sites"> {
  const reaches = reachOf(sites);
  return { sites, may: (right, site) => rights.includes(right) && reaches(site) };
}
