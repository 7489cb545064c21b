import { MaintenanceError } from "../../errors.ts";
import { parseAddress } from "../addresses/address.ts";

/** Every host that belongs to no other site: of a record whose hosts cannot be read. No one can write it. */
export const ANY_HOST = "*";

const LABELS = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const MAX_NAME_LENGTH = 253;
/** A last label by which URL parsers take the whole for an IPv4 address, in spellings such as `127.1` and `0x7f000001`. */
const NUMBER_AT_END = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;
const ABSOLUTE_FORM = /^https?:\/\/([^/?#\\]+)/i;
const NETWORK_PATH = /^[/\\]{2,}([^/\\?#]*)/;
const SLASH = 0x2f;
const MAX_FORWARDED = 4;
const NO_HOSTS: readonly string[] = [];
const RECEIVED = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)\.?(?::\d{0,5})?$/;

/**
 * Reads a host name as it is configured: `shop.example`, `*.shop.example`, `localhost`, `127.0.0.1`, `[::1]`. Gives lower case, in
 * punycode (RFC 5891), without the dot of the root. Throws `ERR_INVALID_HOST`; scheme, port and path are refused.
 */
export function parseHost(text: string): string {
  const wildcard = text.startsWith("*.");
  const name = wildcard ? text.slice(2) : text;
  if (name === "") throw refusal(text, "is empty");
  if (name === "*") throw refusal(text, "names no host", "Leave the hosts out: the site '*' stands for every host.");
  if (/[\s\p{Cc}%*\\]/u.test(name)) throw refusal(text, "holds a character that no host name has");
  if (name.includes(":") && parseAddress(name) !== null) throw refusal(text, "has no brackets", `Write '[${name}]'.`);
  if (/[/?#@]|:\d*$/.test(name.replace(/^\[[^\]]*\]/, ""))) {
    const fix = hostNameOf(name.includes("://") ? name : `http://${name}`);
    if (fix === null) throw refusal(text, "is not a host name");
    throw refusal(text, "is more than a host name", `Write '${wildcard ? "*." : ""}${fix}'.`);
  }
  const host = hostNameOf(`http://${name}`);
  if (host === null || !isHostName(host, name)) throw refusal(text, "is not a host name");
  // What a URL parser gives is a part of a longer text, which it keeps in memory.
  if (!wildcard) return host === text ? text : host;
  if (isAddress(host)) throw refusal(text, "puts a wildcard before an address", `Write '${host}'.`);
  return `*.${host}`;
}

/**
 * The host that a `Host` header or `:authority` names (RFC 9110 section 7.2), in the form that `parseHost` gives, without the port.
 * `null` when there is none, and for everything that two readers could read in two ways.
 */
export function hostOf(header: string | undefined): string | null {
  if (header === undefined || header.length > MAX_NAME_LENGTH + 7) return null;
  const host = RECEIVED.exec(header.toLowerCase())?.[1];
  if (host === undefined || host.startsWith(".") || host.endsWith(".")) return null;
  if (host.startsWith("[")) return hostNameOf(`http://${host}`);
  return NUMBER_AT_END.test(host) && parseAddress(host) === null ? null : host;
}

/**
 * The hosts that a request may name besides `Host`, as received. Those in `X-Forwarded-Host`: some frameworks read the first and some the
 * last, trusted or not. Proxies add one each; a long list is left in one piece, which names no host. And that in a path such as `//host/x`,
 * which `new URL(request.url, base)` takes for a host and a path.
 */
export function furtherHosts(target: string, forwardedHost: string | undefined): readonly string[] {
  const inPath = NETWORK_PATH.exec(target)?.[1] || undefined;
  if (!forwardedHost) return inPath === undefined ? NO_HOSTS : [inPath];
  const list = forwardedHost.split(",", MAX_FORWARDED + 1).map((host) => host.trim());
  const hosts = list.length > MAX_FORWARDED ? [forwardedHost] : list.filter((host) => host !== "");
  return inPath === undefined ? hosts : [...hosts, inPath];
}

/**
 * The host in a request target, in absolute form or authority form (RFC 9112 section 3.2); `undefined` in origin form.
 * The whole target where it cannot be read: that names no host.
 */
export function hostInTarget(target: string): string | undefined {
  const first = target.charCodeAt(0);
  if (first === SLASH || target === "" || target === "*") return undefined;
  return ABSOLUTE_FORM.exec(target)?.[1] ?? target;
}

/** Of an absolute URL, without the dot of the root. */
function hostNameOf(url: string): string | null {
  return URL.parse(url)?.hostname.replace(/\.$/, "") || null;
}

/** A URL parser reads `127.1` and `0x7f000001` as `127.0.0.1`, and a `Host` header in that spelling would not be the same. */
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
