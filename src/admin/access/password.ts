import { sha256 } from "#crypto";
import { equalInConstantTime } from "../../bypass/token.ts";
import { MaintenanceError } from "../../errors.ts";
import { createCheckQueue, type Place } from "./check-queue.ts";
import { matchesHash, parsePasswordHash, requireLength } from "./password-hash.ts";

/** The password with which operators sign in to the admin's page. */
export interface PasswordOptions {
  /**
   * At least 12 characters.
   * @default none: no one can sign in with a password
   */
  readonly password?: string | undefined;
  /**
   * Instead of `password`: a hash from `maintenance-mode token hash-password`.
   * @default none
   */
  readonly passwordHash?: string | undefined;
}

export interface Password {
  /** Differs for each password. Part of the signature of sessions, so that a change of password ends them. A secret. */
  readonly fingerprint: string;
  /** Compares in constant time. `"busy"` if too many checks are waiting. `afterWrong` delays the next check. */
  check(password: string, place?: Place, afterWrong?: () => Promise<void>): Promise<boolean | "busy">;
}

/** In UTF-16 code units. */
const MAX_PASSWORD_LENGTH = 1_000;

/** Returns `null` if no password is configured. Throws `ERR_INVALID_OPTION`, which does not show it. */
export function readPassword({ password, passwordHash }: PasswordOptions): Password | null {
  if (password === undefined && passwordHash === undefined) return null;
  if (password !== undefined && passwordHash !== undefined) {
    throw new MaintenanceError("ERR_INVALID_OPTION", "password and passwordHash are both given.", {
      hint: "Give one of them: the hash, if other people can read the configuration.",
    });
  }
  const matches = password === undefined ? matchHash(passwordHash ?? "") : matchPlain(requireLength(password));
  const queue = createCheckQueue();
  return {
    fingerprint: digest(password ?? passwordHash ?? ""),
    async check(candidate, place = UNKNOWN, afterWrong = async () => {}) {
      if (candidate.length > MAX_PASSWORD_LENGTH) return false;
      return await queue.run(place, async () => {
        const right = await matches(candidate);
        if (!right) await afterWrong();
        return right;
      });
    },
  };
}

const UNKNOWN: Place = { rank: 3, client: "", network: "" };

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
  return sha256(text.normalize("NFKC"));
}
