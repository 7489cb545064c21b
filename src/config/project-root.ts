import { existsSync, lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Returns the nearest folder, from `start` upwards, that has a `.maintenance` folder or a package.json; else `start` itself. */
export function findProjectRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".maintenance")) || existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return start;
  }
}

/**
 * Returns the folder that outlives releases, if `root` is one of its `releases/…` folders and a link `current` beside them points to the
 * one in use; else `null`.
 */
export function findReleaseBase(root: string): string | null {
  const releases = dirname(realpathSync(root));
  if (basename(releases) !== "releases") return null;
  const current = lstatSync(join(dirname(releases), "current"), { throwIfNoEntry: false });
  return current?.isSymbolicLink() ? dirname(releases) : null;
}
