import type { Problem } from "../../../src/admin/api-types.ts";

/**
 * The sentences for the field whose JSON pointer starts with `pointer`: `/notice` covers `/notice/title` and not `/notices`.
 * `""` when there is nothing to say.
 */
export function errorAt(problem: Problem | null, pointer: string): string {
  const errors = problem?.errors ?? [];
  const here = errors.filter((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`));
  return [...new Set(here.map(({ message }) => plain(message)))].join(" ");
}

/** Without `body, addresses[0].range: `, which is for programs: it stands at its field. */
function plain(message: string): string {
  return message.replace(/^body(?:, [^\s:]+)?: /, "");
}

/** The pointer of a field by its dotted key: `notice.translations.pt-BR.title`. */
export function pointerOf(key: string): string {
  return `/${key.replaceAll(".", "/")}`;
}

/** What is to be said of the whole: the problem itself, unless each of its errors stands at one of the fields that are shown. */
export function generalError(problem: Problem | null, pointers: readonly string[]): string {
  if (problem === null) return "";
  const { errors = [], detail, hint } = problem;
  const placed = errors.filter((error) =>
    pointers.some((pointer) => errorAt({ ...problem, errors: [error] }, pointer) !== ""),
  );
  if (errors.length > 0 && placed.length === errors.length) return "";
  const rest = errors.filter((error) => !placed.includes(error)).map(({ message }) => plain(message));
  return [plain(detail), ...rest, hint].filter((text, at, all) => text !== "" && all.indexOf(text) === at).join(" ");
}
