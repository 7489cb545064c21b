import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest folder, from `start` upwards, that has a `.maintenance` folder or a package.json; else `start` itself. */
export function findProjectRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".maintenance")) || existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return start;
  }
}
