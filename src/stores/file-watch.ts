import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { MaintenanceError } from "../errors.ts";
import { unlessRefused } from "./file-error.ts";

/**
 * Calls `listener` at once, and soon after the file at `path` may have changed, until the signal aborts. Watches the folder,
 * because a file that is replaced is another file. Rejects when there is no folder, or no longer.
 */
export async function watchFile(path: string, listener: () => void, signal: AbortSignal): Promise<void> {
  const folder = dirname(path);
  const { ino } = await stat(folder);
  await new Promise<void>((resolve, reject) => {
    const watcher = watch(folder, { persistent: false, signal });
    const fail = (error: unknown): void => {
      reject(error);
      watcher.close();
    };
    watcher.once("close", resolve);
    watcher.once("error", fail);
    watcher.on("change", (_type, name) => {
      if (name === null || name === basename(path)) listener();
      // So Linux tells that the folder itself was removed or renamed; nothing more will come from there.
      if (name === basename(folder)) {
        unlessRefused(["ENOENT"], () => stat(folder)).then((found) => {
          if (found?.ino !== ino)
            fail(new MaintenanceError("ERR_STORE_UNAVAILABLE", `The folder '${folder}' is gone.`));
        }, fail);
      }
    });
    listener();
  });
}
