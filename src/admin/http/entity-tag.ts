import { badRequest, type HeaderPair } from "./problem.ts";

/** RFC 9110 section 8.8.3: a strong one. */
export function entityTag(version: number): HeaderPair {
  return ["ETag", `"${version}"`];
}

/** The version that `If-Match` names (RFC 9110 section 13.1.1). Throws a refusal: 428 without one, 400 when it names another thing. */
export function readIfMatch(headers: Headers): number {
  const value = headers.get("if-match");
  if (value === null) {
    throw badRequest(
      428,
      "The change does not name the version that it saw.",
      'Send If-Match: "VERSION", as ETag gave it.',
    );
  }
  const [, version] = /^"(0|[1-9]\d{0,14})"$/.exec(value.trim()) ?? [];
  if (version === undefined) {
    throw badRequest(400, `If-Match: '${value.slice(0, 40)}' is not a version.`, 'Send what ETag gave: If-Match: "7".');
  }
  return Number(version);
}
