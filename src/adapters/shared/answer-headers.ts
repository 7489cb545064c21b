import type { IncomingMessage, ServerResponse } from "node:http";

/** Fields by which some cache stores a response (RFC 9111, RFC 9213, nginx, Varnish, Akamai), beside its `Cache-Control`. */
const STORING = /^(?:.*-cache-control|surrogate-control|edge-control|x-accel-expires|expires|age)$/i;

/** Fields that describe another representation, or what a proxy shall send in its place. */
const DESCRIBING =
  /^(?:content-(?!security-policy).*|accept-ranges|alternates|delta-base|digest|etag|im|last-modified|link|location|pragma|refresh|repr-digest|retry-after|signature|signature-input|sourcemap|trailer|transfer-encoding|warning|x-accel-redirect|x-lighttpd-send-file|x-sendfile|x-sourcemap)$/i;

/** Fields by which an application says who may use its answers, and how: of any answer. */
const POLICIES =
  /^(?:access-control-.*|content-security-policy.*|cross-origin-.*|nel|origin-agent-cluster|permissions-policy|referrer-policy|report-to|reporting-endpoints|strict-transport-security|timing-allow-origin|x-content-type-options|x-dns-prefetch-control|x-download-options|x-frame-options|x-permitted-cross-domain-policies|x-xss-protection)$/i;

export function permitsStoring(name: string): boolean {
  return STORING.test(name);
}

/** Makes room for an answer of the gate's own: what was set for the application's no longer holds. */
export function removeDescriptions({ httpVersionMajor }: IncomingMessage, response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (permitsStoring(name) || DESCRIBING.test(name)) response.removeHeader(name);
  }
  // HTTP/2 has no reason phrase, and Node warns when one is set.
  if (httpVersionMajor === 1) response.statusMessage = "";
}

/** The same, where the headers may be those of an answer that was withheld: with its cookies and all. */
export function keepPolicies(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (!POLICIES.test(name)) response.removeHeader(name);
  }
}
