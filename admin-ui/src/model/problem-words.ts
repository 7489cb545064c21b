import type { Problem } from "../../../src/admin/schema/types.ts";

/** What the page says in place of the words that the API has for programs. */
const WORDS: Partial<Record<Problem["code"], string>> = {
  ERR_UNAUTHENTICATED: "Your session has ended. Sign in again.",
  ERR_FORBIDDEN: "You may not do this. Ask the person who runs this admin for the right.",
  ERR_NOT_FOUND: "This is not there any more. Reload the page.",
  ERR_INVALID_REQUEST: "The server did not understand this page. Reload the page, then try again.",
  ERR_TOO_MANY_REQUESTS: "Too many tries came from here. Wait a minute, then try again.",
  ERR_CONFLICT: "This was changed by another person meanwhile. Look at it again, then repeat your change.",
  ERR_OVERRIDDEN: "An override is set on the server: no switch has any effect until it is removed there.",
  ERR_STORE_UNAVAILABLE: "The store did not answer: the change may or may not be made. Look again in a moment.",
  ERR_UNEXPECTED: "Something went wrong on the server. Its log says what.",
};

/** A refusal as one text for the operator. */
export function problemWords(problem: Problem): string {
  const { status, code, detail } = problem;
  // Nothing was reached, or something answered in place of the admin: this page has said it in its own words.
  if (problem.type === "about:blank") return join([detail, problem.hint]);
  // What is wrong with a field of a form is said of that field alone.
  const own = status === 422 && code === "ERR_INVALID_REQUEST" ? undefined : WORDS[code];
  return own ?? join([plainWords(detail), hintWords(problem)]);
}

/** Without `body, addresses[0].range: `, which is for programs. */
export function plainWords(message: string): string {
  return message.replace(/^body(?:, [^\s:]+)?: /, "");
}

/** What to do about it; empty where that is said for programs. */
export function hintWords({ hint }: Problem): string {
  return /\bdocs\/|\bopenapi\b|--help\b/.test(hint) ? "" : hint;
}

function join(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join(" ");
}
