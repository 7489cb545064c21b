import type { AdminRequest } from "./access.ts";

/**
 * Whether a change comes from the admin's own pages. `Sec-Fetch-Site` decides, where the browser sends it: no page can set it.
 * Else `Origin`. A request with neither is refused: it may be a form of an old browser.
 *
 * `declared` is the one origin that counts, behind a proxy that changes `Host`; `null`: the one that the request was sent to.
 */
export function isSameOrigin({ request, secure }: AdminRequest, declared: string | null): boolean {
  const fetchSite = request.headers.get("sec-fetch-site");
  // Pages with `Referrer-Policy: no-referrer` send their forms with `Origin: null`, as pages without an origin do.
  const sent = request.headers.get("origin");
  const origin = sent === "null" ? null : sent;
  if (declared !== null && origin !== null && origin !== declared) return false;
  if (fetchSite !== null) return fetchSite === "same-origin";
  if (origin === null) return false;
  const { host } = new URL(request.url);
  // A proxy that was not declared may have ended the TLS. The page of the same host by https is the admin's own all the same.
  return origin === declared || origin === `https://${host}` || (!secure && origin === `http://${host}`);
}
