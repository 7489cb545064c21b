import { describe, expect, test } from "vitest";
import { areaOf } from "./import-table.ts";
import { type Import, readSourceTree, resolveImport, type SourceFile } from "./source-tree.ts";

/** Returns the first cycle found from each file, such as `a -> b -> a`. */
function cycles(files: readonly SourceFile[], counts: (made: Import) => boolean): readonly (readonly string[])[] {
  const targets = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter(counts).flatMap((made) => resolveImport(file.path, made.specifier) ?? []),
    ]),
  );
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path]);
    else if (!done.has(path)) {
      for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    }
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
}

describe("import cycles in src/", () => {
  const files = readSourceTree("src");

  test("no file needs itself in order to load", () => {
    expect(cycles(files, (made) => !made.typeOnly)).toEqual([]);
  });

  test("type imports form cycles only within one area", () => {
    const between = cycles(files, () => true).filter((cycle) => new Set(cycle.map(areaOf)).size > 1);
    expect(between.map((cycle) => cycle.join(" -> "))).toEqual([]);
  });
});
