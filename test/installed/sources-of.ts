import { existsSync, readFileSync } from "node:fs";

/** Returns the paths of the sources of a built file, as its map names them. Throws if the map lacks the text of one. */
export function sourcesOf(path: string): readonly string[] {
  // The admin's page is text in a module of its own, and has no map.
  if (!existsSync(`${path}.map`)) return [];
  const map: { sources: string[]; sourcesContent: (string | null)[] } = JSON.parse(readFileSync(`${path}.map`, "utf8"));
  if (map.sourcesContent.length !== map.sources.length || map.sourcesContent.includes(null)) {
    throw new Error(`The map of ${path} lacks the text of a source.`);
  }
  return map.sources;
}
