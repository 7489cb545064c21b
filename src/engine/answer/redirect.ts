import { hostOf } from "../../rules/hosts/host.ts";
import { normalizePath } from "../../rules/paths/normalize.ts";
import { isRetrieval } from "../decide/is-reading.ts";
import type { RequestFacts } from "../decide/request-facts.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import { memoize } from "../snapshot/memoize.ts";
import type { Policy } from "../snapshot/policy.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/**
 * Returns the target for a blocked browser, or `null`. A request for the target itself is not redirected, in case it is blocked: in
 * lockdown, or by a route that is forced closed.
 */
export function redirectOf(facts: RequestFacts, site: CompiledSite, policy: Policy): string | null {
  const redirect = configuredRedirect(site, policy);
  if (redirect === null) return null;
  const path = normalizePath(facts.target);
  return path !== null && isRedirectTarget(facts, path, site, policy) ? null : redirect;
}

/** Whether the target is from the site's record and not from the configuration: then requests for it pass only this site's closure. */
export function hasOwnRedirect(site: CompiledSite): boolean {
  return site.record.response.redirect !== null;
}

/** Returns the target of the record, else that of the configuration. */
export function configuredRedirect(site: CompiledSite, policy: Policy): string | null {
  return site.record.response.redirect ?? policy.response.redirect;
}

/**
 * Whether a request passes because it is for the target of the redirect. The host of an absolute target must be the host of a site:
 * clients choose the `Host` that they send, and an application that ignores it would answer.
 */
export function isExemptTarget(
  facts: RequestFacts,
  path: string,
  site: CompiledSite,
  { policy, byHost }: Snapshot,
): boolean {
  if (!isRetrieval(facts) || !isRedirectTarget(facts, path, site, policy)) return false;
  const { host } = targetOf(configuredRedirect(site, policy) ?? "/");
  if (host === null) return true;
  return byHost.find(host) !== null && facts.otherHosts.every((other) => hostOf(other) === host);
}

/** Whether this request is for the target of the redirect itself: redirecting it again would loop. */
function isRedirectTarget(facts: RequestFacts, path: string, site: CompiledSite, policy: Policy): boolean {
  const redirect = configuredRedirect(site, policy);
  if (redirect === null) return false;
  const target = targetOf(redirect);
  return target.path === withoutSlash(path) && (target.host === null || isHost(target, facts.host));
}

interface Target {
  /** `null` for the host of the request. */
  readonly host: string | null;
  readonly port: string;
  readonly path: string | null;
}

const targetOf: (redirect: string) => Target = memoize((redirect) => {
  const { hostname, port, pathname } = new URL(redirect, "http://localhost");
  return {
    host: redirect.startsWith("/") ? null : hostOf(hostname),
    port,
    path: withoutSlash(normalizePath(pathname)),
  };
});

/** Static file servers redirect `/down` to `/down/`, and some routers do the opposite. */
function withoutSlash(path: string | null): string | null {
  return path === null || path === "/" || !path.endsWith("/") ? path : path.slice(0, -1);
}

function isHost({ host, port }: Target, asked: string | undefined): boolean {
  return host === hostOf(asked) && !isOtherPort(port, asked);
}

/** Compared only if both are present: behind a proxy `Host` may be without the port, and admitting is better than a loop. */
function isOtherPort(port: string, host: string | undefined): boolean {
  const own = /:(\d+)$/.exec(host ?? "")?.[1];
  return port !== "" && own !== undefined && own !== port;
}
