import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unlessRefused } from "./error.ts";
import { DRAFT_MODE, setNewFilePermissions } from "./permissions.ts";

const DRAFT_NAME = /^[0-9a-f-]{36}\.tmp$/;
/** Milliseconds. Drafts of lock files that are in use are younger. */
export const LEFT_OVER_AGE = 30_000;

export interface ReplaceOptions {
  /**
   * After the promise has resolved, the new content survives a power failure. Otherwise a power failure may leave the old content, or a
   * part of the new.
   * @default true
   */
  readonly isDurable?: boolean | undefined;
}

/**
 * Replaces the file at `path` with `text`, atomically: a reader finds the old or the new content in full, even after a crash. Keeps the mode and, if permitted, the owner. A new file gets
 * the group of its folder and is not readable by others. `isUnchanged` is called last: if it returns `false`, nothing is written and the
 * promise resolves with `false`. Call it only while holding the lock of the file.
 */
export async function replaceFile(
  path: string,
  text: string,
  isUnchanged: () => Promise<boolean>,
  { isDurable = true }: ReplaceOptions = {},
): Promise<boolean> {
  const draft = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await open(draft, "wx", DRAFT_MODE);
    try {
      await keepOwnerAndMode(path, file);
      await file.writeFile(text);
      if (isDurable) await file.sync();
    } finally {
      await file.close();
    }
    if (!(await isUnchanged())) return false;
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  if (isDurable) await syncFolder(dirname(path));
  return true;
}

/**
 * Removes the files that killed writers left behind. Call it only while holding the lock of the file, before reading: at that time every
 * draft belongs to a writer that has died, or that was considered dead and must not rename it later. Keeps the files of the held lock,
 * whose paths start with `kept`.
 */
export async function removeLeftOvers(path: string, lockPath: string, kept: string, now: number): Promise<void> {
  const folder = dirname(path);
  const [draft, lock] = [`${basename(path)}.`, `${basename(lockPath)}.`];
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (name.startsWith(lock)) {
      if (file.startsWith(kept)) continue;
      const found = await unlessRefused(["ENOENT"], () => stat(file));
      if (found !== null && now - found.mtimeMs > LEFT_OVER_AGE) await rm(file, { force: true });
    } else if (name.startsWith(draft) && DRAFT_NAME.test(name.slice(draft.length))) {
      await rm(file, { force: true });
    }
  }
}

async function keepOwnerAndMode(path: string, draft: FileHandle): Promise<void> {
  const old = await unlessRefused(["ENOENT"], () => stat(path));
  if (old === null) return setNewFilePermissions(path, draft);
  const { uid, gid } = await draft.stat();
  // Only root may change the owner of a file. Another member of the group becomes its owner.
  if (uid !== old.uid || gid !== old.gid) await unlessRefused(["EPERM"], () => draft.chown(old.uid, old.gid));
  await draft.chmod(old.mode & 0o7777);
}

/** Without this the rename itself may be lost in a power failure. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    // EINVAL: this file system does not need fsync for folders.
    await unlessRefused(["EINVAL"], () => folder.sync());
  } finally {
    await folder.close();
  }
}
