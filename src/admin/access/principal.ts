import type { Right } from "../../state/access-token.ts";
import { ALL_SITES } from "../../state/site-record.ts";

export { RIGHTS, type Right } from "../../state/access-token.ts";

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

/** Asks whether rights that are given for `sites` (`null`: every site) hold for one. `*` is every site: only who has them all has that. */
export function reachOf(sites: readonly string[] | null): (site: string) => boolean {
  if (isEverySite(sites)) return () => true;
  const ids = new Set(sites ?? []);
  return (site) => ids.has(site);
}

export function isEverySite(sites: readonly string[] | null | undefined): boolean {
  return sites === null || sites === undefined || sites.includes(ALL_SITES);
}

/** What a principal may: a list of rights, for some sites or for all. */
export function grant(rights: readonly Right[], sites: readonly string[] | null): Pick<Principal, "may" | "sites"> {
  const reaches = reachOf(sites);
  return { sites, may: (right, site) => rights.includes(right) && reaches(site) };
}
