import type { IncomingMessage, ServerResponse } from "node:http";

/** Fields other than `Cache-Control` that let some cache store a response (RFC 9111, RFC 9213, nginx, Varnish, Akamai). */
const STORING = /^(?:.*-cache-control|surrogate-control|edge-control|x-accel-expires|expires|age)$/i;

/** Fields that describe a representation, or make a proxy send another one. */
const DESCRIBING =
  /^(?:content-(?!security-policy).*|accept-ranges|alternates|delta-base|digest|etag|im|last-modified|link|location|pragma|refresh|repr-digest|retry-after|signature|signature-input|sourcemap|trailer|transfer-encoding|warning|x-accel-redirect|x-lighttpd-send-file|x-sendfile|x-sourcemap)$/i;

/** Fields that restrict the use of an answer, whatever its content is. */
const POLICIES =
  /^(?:access-control-.*|content-security-policy.*|cross-origin-.*|nel|origin-agent-cluster|permissions-policy|referrer-policy|report-to|reporting-endpoints|strict-transport-security|timing-allow-origin|x-content-type-options|x-dns-prefetch-control|x-download-options|x-frame-options|x-permitted-cross-domain-policies|x-xss-protection)$/i;

export function permitsStoring(name: string): boolean {
  return STORING.test(name);
}

/** Names that were looked at, and whether they describe an answer. An application sets the same few for all of its answers. */
const known = new Map<string, boolean>();
const MAX_KNOWN = 1_000;

function describes(name: string): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const found = permitsStoring(name) || DESCRIBING.test(name);
  if (known.size < MAX_KNOWN) known.set(name, found);
  return found;
}

/** Removes the headers that the application has set for its own answer and that are wrong for the gate's. */
export function removeDescriptions({ httpVersionMajor }: IncomingMessage, response: ServerResponse): void {
  const names = response.getHeaderNames();
  if (names.length > 0) for (const name of names) if (describes(name)) response.removeHeader(name);
  // HTTP/2 has no reason phrase, and Node warns when one is set.
  if (httpVersionMajor === 1) response.statusMessage = "";
}

/** Removes all headers but policies: those that are set may belong to an answer that was withheld, cookies included. */
export function keepPolicies(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (!POLICIES.test(name)) response.removeHeader(name);
  }
}
