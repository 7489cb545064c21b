import { badRequest, type HeaderPair } from "./problem.ts";

/** A strong entity tag (RFC 9110 section 8.8.3). */
export function entityTag(version: number): HeaderPair {
  return ["ETag", `"${version}"`];
}

/** Returns the version in `If-Match` (RFC 9110 section 13.1.1). Throws a refusal: 428 without it, 400 if it is not a version. */
export function readIfMatch(headers: Headers): number {
  const value = headers.get("if-match");
  if (value === null) {
    throw badRequest(
      428,
      "The change does not name the version that it is based on.",
      'Send If-Match: "VERSION", as in the ETag.',
    );
  }
  const [, version] = /^"(0|[1-9]\d{0,14})"$/.exec(value.trim()) ?? [];
  if (version === undefined) {
    throw badRequest(
      400,
      `If-Match: '${value.slice(0, 40)}' is not a version.`,
      'Send the value of the ETag: If-Match: "7".',
    );
  }
  return Number(version);
}
