import { accessSync, constants, globSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Returns the path of the first of `names` that is installed, or `null`. Searches `folders` first, where `*` matches any name and the
 * highest number comes first (for a folder per release), then PATH and the folders where Debian installs servers.
 */
export function findBinary(names: readonly string[], folders: readonly string[] = []): string | null {
  const found = folders.flatMap((folder) => globSync(folder).sort(byNumberDescending));
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of [...found, ...path, "/usr/local/sbin", "/usr/sbin"]) {
    for (const name of names) {
      if (isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}

function byNumberDescending(a: string, b: string): number {
  return b.localeCompare(a, "en", { numeric: true });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
