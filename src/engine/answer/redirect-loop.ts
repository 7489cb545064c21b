import { decide } from "../decide/decide.ts";
import { ANONYMOUS, type RequestFacts } from "../decide/request-facts.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { redirectOf } from "./redirect.ts";

/** Number of redirects after which a chain counts as a loop; browsers give up after 20. */
const MAX_REDIRECTS = 5;

/**
 * Returns the target to which this request is redirected; `null` if it gets the 503. It is not redirected either if the target belongs
 * to this gate and is redirected in turn, back and forth between two closed sites.
 */
export function redirectWithoutLoop(
  facts: RequestFacts,
  site: CompiledSite,
  snapshot: Snapshot,
  now: number,
): string | null {
  const redirect = redirectOf(facts, site, snapshot.policy);
  let next = redirect;
  let from = URL.parse(`http://${facts.host ?? "localhost"}`) ?? new URL("http://localhost");
  for (let followed = 0; next !== null; followed += 1) {
    if (followed === MAX_REDIRECTS) return null;
    const url: URL = new URL(next, from);
    const isOwn = url.host === from.host || snapshot.byHost.find(url.host) !== null;
    next = isOwn ? redirectAt(url, snapshot, now) : null;
    from = url;
  }
  return redirect;
}

/** Returns the target to which a visitor of `url` is redirected, or `null`. */
function redirectAt({ host, pathname, search }: URL, snapshot: Snapshot, now: number): string | null {
  const facts: RequestFacts = {
    method: "GET",
    host,
    otherHosts: [],
    target: pathname + search,
    address: undefined,
    user: ANONYMOUS,
    operation: null,
    route: undefined,
    header: () => undefined,
  };
  const decision = decide(facts, snapshot, now);
  if (decision.outcome !== "block") return null;
  return redirectOf(facts, snapshot.sites.get(decision.site) ?? snapshot.all, snapshot.policy);
}
