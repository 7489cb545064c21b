import { createHash, createHmac } from "node:crypto";
import type { BypassLink } from "../../src/state/bypass-link.ts";
import type { SiteRecord } from "../../src/state/site-record.ts";

/** An independent implementation of bypass links and cookies, with Node's crypto module, which tests compare with `src/`. */

export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

export interface Grant {
  readonly link: string;
  readonly site: string;
  readonly generation: number;
  /** Epoch seconds. */
  readonly expires: number;
}

export function signedCookie({ link, site, generation, expires }: Grant, key: string): string {
  const payload = `${link}~${site}~${generation}~${expires}`;
  const signature = createHmac("sha256", key)
    .update(`maintenance-mode bypass cookie 1\n${payload}`)
    .digest("base64url");
  return `${payload}~${signature}`;
}

export interface Presented {
  readonly target: string;
  readonly cookieHeader: string | undefined;
  readonly cookieName: string;
  readonly keys: readonly string[];
  readonly now: number;
}

/** Returns the kind of bypass that a request validly presents, or `null`. `holders` are the records whose links count. */
export function findPresented(
  { target, cookieHeader = "", cookieName, keys, now }: Presented,
  holders: readonly SiteRecord[],
): "bypass-link" | "bypass-cookie" | null {
  const hashes = tokensIn(target).map(tokenHash);
  const cookies = cookieHeader
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`))
    .map((pair) => pair.slice(cookieName.length + 1))
    .slice(0, 4);
  for (const record of holders) {
    const links = record.links.filter(({ expires }) => expires === null || now < Date.parse(expires));
    if (links.some(({ hash }) => hashes.includes(hash))) return "bypass-link";
    if (cookies.some((value) => links.some((link) => wasSwappedFor(value, link, record, keys, now)))) {
      return "bypass-cookie";
    }
  }
  return null;
}

/** Whether `value` is the cookie of `link`: signs the genuine cookie and compares the two. */
function wasSwappedFor(
  value: string,
  link: BypassLink,
  record: SiteRecord,
  keys: readonly string[],
  now: number,
): boolean {
  const expires = Number(value.split("~")[3]);
  if (!Number.isSafeInteger(expires) || now >= expires * 1000) return false;
  const grant = { link: link.id, site: record.id, generation: record.linkGeneration, expires };
  return (keys.length > 0 ? keys : [link.key]).some((key) => signedCookie(grant, key) === value);
}

function tokensIn(target: string): readonly string[] {
  const query = /\?([^#]*)/.exec(target.split("#")[0] ?? "")?.[1] ?? "";
  const pairs = query.split("&").map((pair) =>
    pair.replace(/%[0-9a-f]{2}/gi, (escaped) => {
      const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
      return /^[a-z0-9._~-]$/i.test(character) ? character : escaped;
    }),
  );
  return pairs
    .filter((pair) => pair.startsWith("maintenance-access="))
    .map((pair) => pair.split("=").slice(1).join("="));
}
