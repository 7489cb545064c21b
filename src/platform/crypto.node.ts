type Crypto = typeof import("node:crypto");

let crypto: Crypto | undefined;

/** Loads Node's module on first use: a command line that only reads the state does not need it. */
function loadCrypto(): Crypto {
  crypto ??= process.getBuiltinModule("node:crypto");
  return crypto;
}

/** Returns the SHA-256 of a text in UTF-8, as base64url. */
export function sha256(text: string): string {
  return loadCrypto().createHash("sha256").update(text).digest("base64url");
}

/** Returns the HMAC-SHA-256 (RFC 2104) of a text, both in UTF-8, as base64url. */
export function hmacSha256(key: string, text: string): string {
  return loadCrypto().createHmac("sha256", key).update(text).digest("base64url");
}

/** Returns the scrypt (RFC 7914) of 32 bytes, as base64url. Runs on another thread, without blocking the event loop. */
export async function scrypt(
  password: string,
  salt: string,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<string> {
  // The minimum that OpenSSL accepts: the table, the blocks and some more.
  const maxmem = 128 * r * (N + p + 2) + 1_048_576;
  return await new Promise((resolve, reject) => {
    loadCrypto().scrypt(password, salt, 32, { N, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(key.toString("base64url"));
      else reject(error);
    });
  });
}
