import type { Problem } from "../../../src/admin/schema/responses.ts";
import { t } from "../language/current.ts";
import { isSilent, type Said, textOf } from "../language/said.ts";

/** A refusal as one text for the operator: in the words of the page where it has some, else in those of the server. */
export function problemWords(problem: Problem): Said {
  const { status, code, detail, type } = problem;
  // Nothing was reached, or something answered in place of the admin: the page has said it already.
  if (type === "about:blank") return detail;
  // What is wrong with a field of a form is said of that field alone.
  const own = status === 422 && code === "ERR_INVALID_REQUEST" ? undefined : ownWords(code);
  return own ?? together([{ english: plainWords(detail) }, { english: hintWords(problem) }]);
}

/** Without `body, addresses[0].range: `, which is for programs. */
export function plainWords(message: string): string {
  return message.replace(/^body(?:, [^\s:]+)?: /, "");
}

/** Returns the fix; empty if the hint is for programs. */
export function hintWords({ hint }: Pick<Problem, "hint">): string {
  return /\bdocs\/|\bopenapi\b|--help\b/.test(hint) ? "" : hint;
}

/** Several texts as one, each of them once. English as soon as one of them is. */
export function together(texts: readonly Said[]): Said {
  const said = texts.filter((text) => !isSilent(text));
  const text = [...new Set(said.map(textOf))].join(" ");
  return said.every((one) => typeof one === "string") ? text : { english: text };
}

function ownWords(code: Problem["code"]): string | undefined {
  return Object.entries(t().refused).find(([known]) => known === code)?.[1];
}
