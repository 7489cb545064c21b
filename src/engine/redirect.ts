import { hostOf } from "../rules/host.ts";
import { normalizePath } from "../rules/normalize-path.ts";
import type { CompiledSite } from "./compiled-site.ts";
import type { Policy } from "./policy.ts";
import type { RequestFacts } from "./request-facts.ts";

/**
 * Where a blocked browser is sent; `null`: nowhere. Whoever is there already stays: in lockdown, or by a route that is forced
 * closed, the target is blocked like all else.
 */
export function redirectOf(facts: RequestFacts, site: CompiledSite, policy: Policy): string | null {
  const redirect = configuredRedirect(site, policy);
  if (redirect === null) return null;
  const path = normalizePath(facts.target);
  return path !== null && isRedirectTarget(facts, path, site, policy) ? null : redirect;
}

/** The record's own target, else that of the configuration. */
function configuredRedirect(site: CompiledSite, policy: Policy): string | null {
  return site.record.response.redirect ?? policy.response.redirect;
}

/** Whether this request is for the very place to which the blocked are sent: it must pass, or they go round for ever. */
export function isRedirectTarget(facts: RequestFacts, path: string, site: CompiledSite, policy: Policy): boolean {
  const redirect = configuredRedirect(site, policy);
  if (redirect === null) return false;
  const { hostname, port, pathname } = new URL(redirect, "http://localhost");
  const isHere =
    redirect.startsWith("/") || (hostOf(hostname) === hostOf(facts.host) && !isOtherPort(port, facts.host));
  return isHere && normalizePath(pathname) === path;
}

/** Only where both are named: behind a proxy `Host` may well be without the port, and passing is better than going round. */
function isOtherPort(port: string, host: string | undefined): boolean {
  const own = /:(\d+)$/.exec(host ?? "")?.[1];
  return port !== "" && own !== undefined && own !== port;
}
