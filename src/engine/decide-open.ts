import { normalizePath } from "../rules/normalize-path.ts";
import type { Allow } from "./decision.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * What `decide` answers at whatever time, where that takes no more than finding the site: nothing that counts for this request is
 * closed. `null`: it takes more. While one site is closed, the requests for all others should not pay for it.
 */
export function decideOpen(facts: RequestFacts, snapshot: Snapshot): Allow | null {
  const { open } = snapshot;
  if (open === null || facts.route !== undefined) return null;
  const site = snapshot.byHost.find(facts.host);
  if (site !== null && site.mode !== "open") return null;
  return isOperatorSurface(facts, snapshot) ? null : open;
}

/** Passes too, but for another reason. */
function isOperatorSurface(facts: RequestFacts, { policy }: Snapshot): boolean {
  if (policy.operatorPaths === null) return false;
  const path = normalizePath(facts.target);
  return path !== null && policy.operatorPaths.match(path) !== null;
}
