import { MaintenanceError } from "../../errors.ts";
import { parseAddress } from "../addresses/address.ts";

/** Matches every host that belongs to no other site. Used for a record whose hosts cannot be read; not accepted as input. */
export const ANY_HOST = "*";

const LABELS = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const MAX_NAME_LENGTH = 253;
/** A last label that makes URL parsers read the whole host as an IPv4 address, in spellings such as `127.1` and `0x7f000001`. */
const NUMBER_AT_END = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;
const ABSOLUTE_FORM = /^https?:\/\/([^/?#\\]+)/i;
const NETWORK_PATH = /^[/\\]{2,}([^/\\?#]*)/;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const MAX_FORWARDED = 4;
const NO_HOSTS: readonly string[] = [];
const RECEIVED = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)\.?(?::\d{0,5})?$/;

/**
 * Parses a host name from the configuration: `shop.example`, `*.shop.example`, `localhost`, `127.0.0.1`, `[::1]`. Returns it in lower
 * case, in punycode (RFC 5891), without a trailing dot. Throws `ERR_INVALID_HOST`; refuses a scheme, port or path.
 */
export function parseHost(text: string): string {
  const wildcard = text.startsWith("*.");
  const name = wildcard ? text.slice(2) : text;
  if (name === "") throw refusal(text, "is empty");
  if (name === "*") throw refusal(text, "names no host", "Leave the hosts out: the site '*' stands for every host.");
  if (/[\s\p{Cc}%*\\]/u.test(name)) throw refusal(text, "contains a character that a host name cannot contain");
  if (name.includes(":") && parseAddress(name) !== null) throw refusal(text, "has no brackets", `Write '[${name}]'.`);
  if (/[/?#@]|:\d*$/.test(name.replace(/^\[[^\]]*\]/, ""))) {
    const fix = hostNameOf(name.includes("://") ? name : `http://${name}`);
    if (fix === null) throw refusal(text, "is not a host name");
    throw refusal(text, "contains more than a host name", `Write '${wildcard ? "*." : ""}${fix}'.`);
  }
  const host = hostNameOf(`http://${name}`);
  if (host === null || !isHostName(host, name)) throw refusal(text, "is not a host name");
  // The URL parser returns a slice, which would keep a longer text in memory.
  if (!wildcard) return host === text ? text : host;
  if (isAddress(host)) throw refusal(text, "has a wildcard before an address", `Write '${host}'.`);
  return `*.${host}`;
}

/**
 * Returns the host in a `Host` header or `:authority` (RFC 9110 section 7.2), in the form of `parseHost`, without the port. Returns `null`
 * if there is none, and for any value that two readers could interpret in two ways.
 */
export function hostOf(header: string | undefined): string | null {
  if (header === undefined || header.length > MAX_NAME_LENGTH + 7) return null;
  const host = RECEIVED.exec(header.toLowerCase())?.[1];
  if (host === undefined || host.startsWith(".") || host.endsWith(".")) return null;
  if (host.startsWith("[")) return hostNameOf(`http://${host}`);
  return NUMBER_AT_END.test(host) && parseAddress(host) === null ? null : host;
}

/**
 * Returns the other hosts that a request may name besides `Host`, as received. One source is `X-Forwarded-Host`, trusted or not: some
 * frameworks read its first element and some its last. More than `MAX_FORWARDED` elements are returned as one text, which is not a valid host. The other source
 * is a path such as `//host/x`, which `new URL(request.url, base)` reads as a host and a path.
 */
export function furtherHosts(target: string, forwardedHost: string | undefined): readonly string[] {
  const second = target.charCodeAt(1);
  const inPath = second === SLASH || second === BACKSLASH ? NETWORK_PATH.exec(target)?.[1] || undefined : undefined;
  if (!forwardedHost) return inPath === undefined ? NO_HOSTS : [inPath];
  const list = forwardedHost.split(",", MAX_FORWARDED + 1).map((host) => host.trim());
  const hosts = list.length > MAX_FORWARDED ? [forwardedHost] : list.filter((host) => host !== "");
  return inPath === undefined ? hosts : [...hosts, inPath];
}

/**
 * Returns the host in a request target in absolute or authority form (RFC 9112 section 3.2); `undefined` for origin form. Returns the
 * whole target, which is not a valid host, if it cannot be parsed.
 */
export function hostInTarget(target: string): string | undefined {
  const first = target.charCodeAt(0);
  if (first === SLASH || target === "" || target === "*") return undefined;
  return ABSOLUTE_FORM.exec(target)?.[1] ?? target;
}

/** Whether the headers (name, value, name, value …) have several `Host` lines. RFC 9112 section 3.2 forbids that, but some servers accept it. */
export function hasSeveralHosts(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count > 1;
}

/** Returns the host of an absolute URL, without a trailing dot. */
function hostNameOf(url: string): string | null {
  return URL.parse(url)?.hostname.replace(/\.$/, "") || null;
}

/** A URL parser reads `127.1` and `0x7f000001` as `127.0.0.1`; a `Host` header in such a spelling would not match. */
function isHostName(host: string, written: string): boolean {
  if (host.startsWith("[")) return true;
  return (
    host.length <= MAX_NAME_LENGTH && LABELS.test(host) && (!isAddress(host) || written.replace(/\.$/, "") === host)
  );
}

function isAddress(host: string): boolean {
  return host.startsWith("[") || parseAddress(host) !== null;
}

function refusal(text: string, reason: string, hint?: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_HOST", `The host '${text}' ${reason}.`, hint === undefined ? {} : { hint });
}
