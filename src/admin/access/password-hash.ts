import { scrypt } from "#crypto";
import { equalInConstantTime, toBase64Url } from "../../bypass/token.ts";
import { MaintenanceError } from "../../errors.ts";

/** A salted hash of a password: scrypt (RFC 7914). */
export interface PasswordHash {
  /** Cost: N is 2 to the power of this. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly hash: string;
}

// 32 MB and about half a second, on another thread if there is one: feasible on a Worker, and slow for an attacker.
const COST = { logN: 15, r: 8, p: 3 };
const MIN_PASSWORD_CHARACTERS = 12;
const SALT_BYTES = 16;

const FORMAT = /^scrypt\.(\d{1,2})\.(\d{1,2})\.(\d{1,2})\.([\w-]{22,86})\.([\w-]{43})$/;

/** Returns the password if it is long enough. Throws `ERR_INVALID_OPTION`, which does not show it. */
export function requireLength(password: string): string {
  if (password.length >= MIN_PASSWORD_CHARACTERS) return password;
  throw new MaintenanceError("ERR_INVALID_OPTION", `the password has ${password.length} characters.`, {
    hint: `Use at least ${MIN_PASSWORD_CHARACTERS}: a few words that do not belong together.`,
  });
}

/** Returns the text for `passwordHash`: `scrypt.15.8.3.SALT.HASH`, which needs no quoting in a shell. Throws as `requireLength` does. */
export async function hashPassword(
  password: string,
  randomBytes: (length: number) => Uint8Array = (length) => crypto.getRandomValues(new Uint8Array(length)),
): Promise<string> {
  const { logN, r, p } = COST;
  const salt = toBase64Url(randomBytes(SALT_BYTES));
  const hash = await derive(requireLength(password), { ...COST, salt });
  return ["scrypt", logN, r, p, salt, hash].join(".");
}

/** Parses the text of `passwordHash`. Throws `ERR_INVALID_OPTION`, which does not show it. */
export function parsePasswordHash(text: string): PasswordHash {
  const [, logN, r, p, salt = "", hash = ""] = FORMAT.exec(text) ?? [];
  const parsed = { logN: Number(logN), r: Number(r), p: Number(p), salt, hash };
  // The upper bounds keep a typing error from using all memory; 2^17 with r = 8 is 128 MB.
  const sound =
    parsed.logN >= 14 && parsed.logN <= 18 && parsed.r >= 8 && parsed.r <= 16 && parsed.p >= 1 && parsed.p <= 16;
  if (sound) return parsed;
  throw new MaintenanceError("ERR_INVALID_OPTION", "passwordHash is not a hash of a password.", {
    hint: "Write what this prints: npx maintenance-mode token hash-password",
  });
}

/** Compares in constant time. */
export async function matchesHash(password: string, expected: PasswordHash): Promise<boolean> {
  return equalInConstantTime(await derive(password, expected), expected.hash);
}

async function derive(password: string, { logN, r, p, salt }: Omit<PasswordHash, "hash">): Promise<string> {
  // Keyboards may send the same letters composed or decomposed (Unicode, UAX 15).
  return await scrypt(password.normalize("NFKC"), salt, { N: 2 ** logN, r, p });
}
