import type { Problem } from "../../../src/admin/schema/responses.ts";
import { isSilent, type Said } from "../language/said.ts";
import { hintWords, plainWords, problemWords, together } from "./problem-words.ts";

/**
 * The sentences for the field whose JSON pointer starts with `pointer`: `/translations` covers `/translations/de` and not `/translation`.
 * `""` when there is nothing to say.
 */
export function errorAt(problem: Problem | null, pointer: string): Said {
  const errors = problem?.errors ?? [];
  const here = errors.filter((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`));
  return together(here.map(({ message }) => messageWords(problem, message)));
}

/** The pointer of a field by its dotted key: `/translations/pt-BR/title` for `notice.translations.pt-BR.title`. */
export function pointerOf(key: string): string {
  return `/${key.replace(/^(?:notice|response)\./, "").replaceAll(".", "/")}`;
}

/** Returns the message for the whole form: the problem itself, unless each of its errors is shown at a field. */
export function generalError(problem: Problem | null, pointers: readonly string[]): Said {
  if (problem === null) return "";
  const { errors = [] } = problem;
  if (errors.length === 0) return problemWords(problem);
  const rest = errors.filter((error) =>
    pointers.every((pointer) => isSilent(errorAt({ ...problem, errors: [error] }, pointer))),
  );
  if (rest.length === 0) return "";
  return together([...rest.map(({ message }) => messageWords(problem, message)), { english: hintWords(problem) }]);
}

/** The page's own problems have no type, and are in its language. */
export function messageWords(problem: Problem | null, message: string): Said {
  return problem?.type === "about:blank" ? message : { english: plainWords(message) };
}
