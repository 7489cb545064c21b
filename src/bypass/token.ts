import { sha256 } from "#crypto";

/** The query parameter with a bypass link's token. */
export const ACCESS_PARAMETER = "maintenance-access";

const TOKEN_BYTES = 32;

/** Returns a new token of 256 random bits, 43 characters. It is shown once and never stored. */
export function mintToken(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
}

/** Returns the hash that is stored in place of a token. Plain SHA-256: a token of 256 random bits cannot be guessed from a fast hash either. */
export function hashToken(token: string): string {
  return sha256(token);
}

export interface PresentedTokens {
  /** The tokens without duplicates, in their order; at least one. */
  readonly tokens: readonly string[];
  /** The request target without the parameter, and without a fragment, which is not allowed there. */
  readonly rest: string;
}

/** Further tokens are ignored: each costs a hash. */
const MAX_TOKENS = 4;
const UNRESERVED_ESCAPES = /%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)/gi;

/**
 * Returns the tokens in a request target, of which any may be valid: if a link is added to a URL that has one, there are two. Returns
 * `null` if there is none. Escapes of unreserved characters are decoded (RFC 3986 section 6.2.2.2): some programs escape `-`.
 */
export function presentedTokens(target: string): PresentedTokens | null {
  const [request = ""] = target.split("#", 1);
  const start = request.indexOf("?");
  if (start === -1 || !mayCarryToken(request)) return null;
  const pairs = request
    .slice(start + 1)
    .split("&")
    .map((sent) => ({ sent, plain: sent.replace(UNRESERVED_ESCAPES, decodeURIComponent) }));
  const isToken = ({ plain }: { readonly plain: string }): boolean => plain.split("=", 1)[0] === ACCESS_PARAMETER;
  const tokens = pairs.filter(isToken).map(({ plain }) => plain.slice(ACCESS_PARAMETER.length + 1));
  const distinct = [...new Set(tokens)].filter((token) => token !== "").slice(0, MAX_TOKENS);
  if (distinct.length === 0) return null;
  const others = pairs.filter((pair) => !isToken(pair)).map(({ sent }) => sent);
  return { tokens: distinct, rest: request.slice(0, start) + (others.length === 0 ? "" : `?${others.join("&")}`) };
}

/** A fast check that most requests fail. */
export function mayCarryToken(target: string): boolean {
  return target.includes(ACCESS_PARAMETER) || (target.includes("%") && target.includes("?"));
}

/** Encodes as in RFC 4648 section 5, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

/** Compares two texts in a time that does not depend on where they differ. Their length is not secret. */
export function equalInConstantTime(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index += 1) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
