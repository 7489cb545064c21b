import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as digest } from "@noble/hashes/sha2.js";

/** Returns the SHA-256 of a text in UTF-8, as base64url. */
export function sha256(text: string): string {
  return toBase64Url(digest(new TextEncoder().encode(text)));
}

/** Returns the HMAC-SHA-256 (RFC 2104) of a text, both in UTF-8, as base64url. Synchronous, unlike the platform's own. */
export function hmacSha256(key: string, text: string): string {
  const encoder = new TextEncoder();
  return toBase64Url(hmac(digest, encoder.encode(key), encoder.encode(text)));
}

/** Returns the scrypt (RFC 7914) of 32 bytes, as base64url. Runs in slices, between which the event loop continues. */
export async function scrypt(
  password: string,
  salt: string,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<string> {
  const { scryptAsync } = await import("@noble/hashes/scrypt.js");
  return toBase64Url(await scryptAsync(password, salt, { N, r, p, dkLen: 32 }));
}

/** Encodes as in RFC 4648 section 5, without padding. */
function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
