import { scrypt } from "#crypto";
import { equalInConstantTime, toBase64Url } from "../../bypass/access-token.ts";
import { MaintenanceError } from "../../errors.ts";

/** What a password is checked by, without being it: scrypt (RFC 7914), salted. */
export interface PasswordHash {
  /** The work: N is 2 to the power of this. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly hash: string;
}

// 32 MB and about half a second, on another thread where there is one: what a Worker still can, and a guesser feels.
const COST = { logN: 15, r: 8, p: 3 };
const SHORTEST_PASSWORD = 12;
const SALT_BYTES = 16;

const FORMAT = /^scrypt\.(\d{1,2})\.(\d{1,2})\.(\d{1,2})\.([\w-]{22,86})\.([\w-]{43})$/;

/** Returns the password when it is long enough. Throws `ERR_INVALID_OPTION`, which does not show it. */
export function requireLength(password: string): string {
  if (password.length >= SHORTEST_PASSWORD) return password;
  throw new MaintenanceError("ERR_INVALID_OPTION", `the password has ${password.length} characters.`, {
    hint: `Use at least ${SHORTEST_PASSWORD}: a few words that nobody would put together.`,
  });
}

/** The text that `passwordHash` takes: `scrypt.15.8.3.SALT.HASH`, which no shell changes. Throws as `requireLength` does. */
export async function hashPassword(
  password: string,
  randomBytes: (length: number) => Uint8Array = (length) => crypto.getRandomValues(new Uint8Array(length)),
): Promise<string> {
  const { logN, r, p } = COST;
  const salt = toBase64Url(randomBytes(SALT_BYTES));
  const hash = await derive(requireLength(password), { ...COST, salt });
  return ["scrypt", logN, r, p, salt, hash].join(".");
}

/** Throws `ERR_INVALID_OPTION`, which does not show it. */
export function parsePasswordHash(text: string): PasswordHash {
  const [, logN, r, p, salt = "", hash = ""] = FORMAT.exec(text) ?? [];
  const parsed = { logN: Number(logN), r: Number(r), p: Number(p), salt, hash };
  // The upper bounds keep a slip of the keyboard from taking all memory; 2^17 with r = 8 is 128 MB.
  const sound =
    parsed.logN >= 14 && parsed.logN <= 18 && parsed.r >= 8 && parsed.r <= 16 && parsed.p >= 1 && parsed.p <= 16;
  if (sound) return parsed;
  throw new MaintenanceError("ERR_INVALID_OPTION", "passwordHash is not a hash of a password.", {
    hint: "Write what this prints: npx maintenance-mode token hash-password",
  });
}

/** In constant time. */
export async function matchesHash(password: string, expected: PasswordHash): Promise<boolean> {
  return equalInConstantTime(await derive(password, expected), expected.hash);
}

async function derive(password: string, { logN, r, p, salt }: Omit<PasswordHash, "hash">): Promise<string> {
  // The same letters may come composed from one keyboard and decomposed from another (Unicode, UAX 15).
  return await scrypt(password.normalize("NFKC"), salt, { N: 2 ** logN, r, p });
}
