import { sha256 } from "@noble/hashes/sha2.js";
import { toBase64Url } from "../../bypass/base64-url.ts";
import { equalInConstantTime } from "../../bypass/equal-in-constant-time.ts";
import { MaintenanceError } from "../../errors.ts";
import { matchesHash, parsePasswordHash, requireLength } from "./password-hash.ts";

export interface PasswordOptions {
  /** At least 12 characters. */
  readonly password?: string | undefined;
  /** Instead: what `maintenance-mode token hash-password` prints. */
  readonly passwordHash?: string | undefined;
}

export interface Password {
  /** Another for another password: it goes into the signature of sessions, so that a change of password ends them. A secret. */
  readonly fingerprint: string;
  /** In constant time. `"busy"`: more are being checked already than may be at once, and it was not looked at. */
  check(password: string): Promise<boolean | "busy">;
}

const LONGEST = 1_000;
const MOST_AT_ONCE = 4;

/** `null`: none is configured. Throws `ERR_INVALID_OPTION`, which does not show it. */
export function readPassword({ password, passwordHash }: PasswordOptions): Password | null {
  if (password === undefined && passwordHash === undefined) return null;
  if (password !== undefined && passwordHash !== undefined) {
    throw new MaintenanceError("ERR_INVALID_OPTION", "password and passwordHash are both given.", {
      hint: "Give one of them: the hash, where the configuration is read by others.",
    });
  }
  const matches = password === undefined ? matchHash(passwordHash ?? "") : matchPlain(requireLength(password));
  let checking = 0;
  return {
    fingerprint: digest(password ?? passwordHash ?? ""),
    async check(candidate) {
      if (candidate.length > LONGEST) return false;
      // Each costs tens of megabytes.
      if (checking >= MOST_AT_ONCE) return "busy";
      checking += 1;
      try {
        return await matches(candidate);
      } finally {
        checking -= 1;
      }
    },
  };
}

type Match = (candidate: string) => boolean | Promise<boolean>;

function matchHash(text: string): Match {
  const hash = parsePasswordHash(text);
  return (candidate) => matchesHash(candidate, hash);
}

function matchPlain(password: string): Match {
  const expected = digest(password);
  return (candidate) => equalInConstantTime(digest(candidate), expected);
}

function digest(text: string): string {
  return toBase64Url(sha256(new TextEncoder().encode(text.normalize("NFKC"))));
}
