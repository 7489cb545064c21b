import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as digest } from "@noble/hashes/sha2.js";

/** SHA-256 of a text in UTF-8, base64url. */
export function sha256(text: string): string {
  return toBase64Url(digest(new TextEncoder().encode(text)));
}

/** HMAC-SHA-256 (RFC 2104) of a text, both in UTF-8, base64url. Synchronous, which the platform's own is not. */
export function hmacSha256(key: string, text: string): string {
  const encoder = new TextEncoder();
  return toBase64Url(hmac(digest, encoder.encode(key), encoder.encode(text)));
}

/** scrypt (RFC 7914) of 32 bytes, base64url: in slices, between which the event loop goes on. */
export async function scrypt(
  password: string,
  salt: string,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<string> {
  const { scryptAsync } = await import("@noble/hashes/scrypt.js");
  return toBase64Url(await scryptAsync(password, salt, { N, r, p, dkLen: 32 }));
}

/** RFC 4648 section 5, without padding. */
function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
