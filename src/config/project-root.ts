import { existsSync, lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The nearest folder, from `start` upwards, that has a `.maintenance` folder or a package.json; else `start` itself. */
export function findProjectRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".maintenance")) || existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return start;
  }
}

/**
 * The folder that outlives releases, when `root` is one of its `releases/…` and a link `current` beside them names the one in use.
 * `null`: `root` is no such release.
 */
export function findReleaseBase(root: string): string | null {
  const releases = dirname(realpathSync(root));
  if (basename(releases) !== "releases") return null;
  const current = lstatSync(join(dirname(releases), "current"), { throwIfNoEntry: false });
  return current?.isSymbolicLink() ? dirname(releases) : null;
}
