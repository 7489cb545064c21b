import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import { normalizePath } from "../../rules/paths/normalize.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Allow } from "./decision.ts";
import type { RequestFacts } from "./request-facts.ts";

/**
 * What `decide` answers at whatever time, where that takes no more than finding the site: nothing that counts for this request is
 * closed. `null`: it takes more. While one site is closed, the requests for all others should not pay for it.
 */
export function decideOpen(facts: RequestFacts, snapshot: Snapshot): Allow | null {
  const { open } = snapshot;
  if (open === null || facts.route !== undefined) return null;
  if (!isOfOpenSite(facts.host, snapshot)) return null;
  for (const host of facts.otherHosts) if (!isOfOpenSite(host, snapshot)) return null;
  return isOperatorSurface(facts, snapshot) ? null : open;
}

/** What is unclear takes a closer look. */
function isOfOpenSite(host: string | undefined, { byHost }: Snapshot): boolean {
  const site = byHost.find(host);
  return site === null || (site !== UNCLEAR && site.mode === "open");
}

/** Passes too, but for another reason. */
function isOperatorSurface(facts: RequestFacts, { policy }: Snapshot): boolean {
  if (policy.operatorPaths === null) return false;
  const path = normalizePath(facts.target);
  return path !== null && policy.operatorPaths.match(path) !== null;
}
