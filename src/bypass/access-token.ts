import { sha256 } from "@noble/hashes/sha2.js";
import { toBase64Url } from "./base64-url.ts";

/** The query parameter that carries a bypass link's token. */
export const ACCESS_PARAMETER = "maintenance-access";

const TOKEN_BYTES = 32;

/** A fresh token of 256 random bits, 43 characters. It is shown once and never stored. */
export function mintToken(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
}

/** What is stored in a token's place. SHA-256 alone: a token of 256 random bits cannot be guessed from a fast hash either. */
export function hashToken(token: string): string {
  return toBase64Url(sha256(new TextEncoder().encode(token)));
}

export interface PresentedToken {
  readonly token: string;
  /** The request target without the parameter, and without a fragment, which does not belong there. */
  readonly rest: string;
}

/** The token that a request target carries; `null` for none, for an empty one, and for more than one. */
export function presentedToken(target: string): PresentedToken | null {
  const [request = ""] = target.split("#", 1);
  const start = request.indexOf("?");
  if (start === -1 || !request.includes(ACCESS_PARAMETER, start)) return null;
  const pairs = request.slice(start + 1).split("&");
  const carried = pairs.filter((pair) => pair.startsWith(`${ACCESS_PARAMETER}=`));
  const token = carried[0]?.slice(ACCESS_PARAMETER.length + 1) ?? "";
  if (carried.length !== 1 || token === "") return null;
  const others = pairs.filter((pair) => !carried.includes(pair)).join("&");
  return { token, rest: `${request.slice(0, start)}${others === "" ? "" : `?${others}`}` };
}
