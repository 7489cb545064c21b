import { badRequest } from "./problem.ts";

/** The query as an object, for a schema: what came once as text, what came several times as a list. Throws a refusal with 400. */
export function queryOf(url: string): Readonly<Record<string, string | readonly string[]>> {
  const { search, searchParams } = new URL(url);
  if (/%(?![0-9a-f]{2})/i.test(search) || [...searchParams].some((pair) => pair.join().includes("\ufffd"))) {
    throw badRequest(400, "The query is not percent-encoded UTF-8.");
  }
  const entries = new Map<string, string | readonly string[]>();
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    entries.set(name, values.length === 1 ? (values[0] ?? "") : values);
  }
  return Object.fromEntries(entries);
}
