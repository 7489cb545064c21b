import { hmacSha256 } from "#crypto";
import { equalInConstantTime } from "./token.ts";

/** The context that a signature covers beside the parts. A value that was signed for one purpose is not valid for another. */
export interface Signing {
  readonly purpose: string;
  /** How many parts the value has. */
  readonly parts: number;
}

const SEPARATOR = "~";

/** The value of a cookie: `parts`, none of which contains `~`, and their HMAC-SHA-256 (RFC 2104). */
export function signValue(
  { purpose }: Pick<Signing, "purpose">,
  parts: readonly (string | number)[],
  key: string,
): string {
  const payload = parts.join(SEPARATOR);
  return `${payload}${SEPARATOR}${signature(purpose, payload, key)}`;
}

/** The parts of `value` if one of `keys` has signed it, otherwise `null`. Every key is tried: the time does not show which one it was. */
export function verifyValue(
  { purpose, parts }: Signing,
  value: string,
  keys: readonly string[],
): readonly string[] | null {
  const end = value.lastIndexOf(SEPARATOR);
  const payload = value.slice(0, Math.max(end, 0));
  const given = payload.split(SEPARATOR);
  if (given.length !== parts || given.includes("")) return null;
  let valid = false;
  for (const key of keys) valid = equalInConstantTime(value.slice(end + 1), signature(purpose, payload, key)) || valid;
  return valid ? given : null;
}

/** The first part of a value that is not verified yet: it may say which key to verify with. */
export function claimedPart(value: string): string {
  return value.slice(0, Math.max(value.indexOf(SEPARATOR), 0));
}

function signature(purpose: string, payload: string, key: string): string {
  return hmacSha256(key, `${purpose}\n${payload}`);
}
