import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { unlessRefused } from "./error.ts";

/** What there is to watch: a file that is replaced is another file, so it is the folder. */
interface Watched {
  readonly folder: string;
  /** Of the folder: one that was moved away and made anew is another. */
  readonly ino: number;
  /** The name in it that matters: the file's own, or that of the folder which is to come. */
  readonly awaited: string;
}

/**
 * Calls `listener` at once, and soon after the file at `path` may have changed, until the signal aborts. While its folder is not
 * there, or no longer, the nearest one above it is watched, so that the very first change is noticed too.
 */
export async function watchFile(path: string, listener: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await watchFolder(await nearestFolder(path), path, listener, signal);
}

async function nearestFolder(path: string): Promise<Watched> {
  for (let awaited = path; ; awaited = dirname(awaited)) {
    const folder = dirname(awaited);
    const found = await unlessRefused(["ENOENT"], () => stat(folder));
    if (found !== null) return { folder, ino: found.ino, awaited: basename(awaited) };
  }
}

/** Resolves when the signal aborts, or when another file has to be watched. */
async function watchFolder(watched: Watched, path: string, listener: () => void, signal: AbortSignal): Promise<void> {
  const { folder, ino, awaited } = watched;
  await new Promise<void>((resolve, reject) => {
    const watcher = watch(folder, { persistent: false, signal });
    const fail = (error: unknown): void => {
      reject(error);
      watcher.close();
    };
    const lookAgain = (): void =>
      void nearestFolder(path).then((nearest) => {
        if (nearest.folder !== folder || nearest.ino !== ino) watcher.close();
      }, fail);
    watcher.once("close", resolve);
    watcher.once("error", fail);
    watcher.on("change", (_type, name) => {
      if (name === null || name === awaited) listener();
      // Linux tells by the folder's own name that it was removed or renamed; nothing more will come from there.
      if (name === null || name === awaited || name === basename(folder)) lookAgain();
    });
    // What happened before the watch began was not told.
    listener();
    lookAgain();
  });
}
