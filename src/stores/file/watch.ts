import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { unlessRefused } from "./error.ts";

/** The watched folder. A file is replaced and not changed, so that a watch on the file would end with the first change. */
interface Watched {
  readonly folder: string;
  /** Inode of the folder, to notice when it is moved away and created again. */
  readonly ino: number;
  /** The file name that matters in the folder: that of the state file, or of the folder that does not exist yet. */
  readonly awaited: string;
}

/**
 * Calls `listener` at once, and shortly after the file at `path` may have changed, until the signal aborts. While its folder does not
 * exist, the nearest existing parent is watched, so that the first change is noticed too. Calls `prepare` when a writer begins, with its lock
 * or its draft.
 */
export async function watchFile(
  path: string,
  listener: () => void,
  signal: AbortSignal,
  prepare: () => void = () => {},
): Promise<void> {
  while (!signal.aborted) await watchFolder(await nearestFolder(path), path, { listener, prepare }, signal);
}

async function nearestFolder(path: string): Promise<Watched> {
  for (let awaited = path; ; awaited = dirname(awaited)) {
    const folder = dirname(awaited);
    const found = await unlessRefused(["ENOENT"], () => stat(folder));
    if (found !== null) return { folder, ino: found.ino, awaited: basename(awaited) };
  }
}

/** Resolves when the signal aborts, or when another folder has to be watched. */
async function watchFolder(
  watched: Watched,
  path: string,
  { listener, prepare }: { readonly listener: () => void; readonly prepare: () => void },
  signal: AbortSignal,
): Promise<void> {
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
      if (typeof name === "string" && name.startsWith(`${awaited}.`)) prepare();
      if (name === null || name === awaited) listener();
      // On Linux an event with the folder's own name means that it was removed or renamed: no further event will come.
      if (name === null || name === awaited || name === basename(folder)) lookAgain();
    });
    // Changes before the watch started caused no event.
    listener();
    lookAgain();
  });
}
