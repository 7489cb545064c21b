import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unlessRefused } from "./error.ts";
import { DRAFT_MODE, setNewFilePermissions } from "./permissions.ts";

const DRAFT_NAME = /^[0-9a-f-]{36}\.tmp$/;
/** Drafts of locks are younger than this while they are of use. */
const LEFT_OVER_AGE = 30_000;

/**
 * Puts `text` in the place of the file at `path`, or nothing: whoever reads or is killed meanwhile finds the old content
 * or the new one, whole, and after the return the new one even when the power fails. Keeps the mode and, where it may,
 * the owner; a new file has the group of its folder and is kept from others. `false`, and nothing written, when `isUnchanged` says so at the last moment. Only for who holds the file's lock.
 */
export async function replaceFile(path: string, text: string, isUnchanged: () => Promise<boolean>): Promise<boolean> {
  const draft = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await open(draft, "wx", DRAFT_MODE);
    try {
      await keepOwnerAndMode(path, file);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!(await isUnchanged())) return false;
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
}

/**
 * Removes what killed writers left behind. Only for who holds the file's lock, before it reads: any draft is then of a
 * writer that is dead, or was taken for dead and must not come back and rename it. `kept` is the start of the names of
 * the lock's own files.
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
  // Only root may give a file away; a colleague in the same group writes it under their own name.
  if (uid !== old.uid || gid !== old.gid) await unlessRefused(["EPERM"], () => draft.chown(old.uid, old.gid));
  await draft.chmod(old.mode & 0o7777);
}

/** Without this the rename itself may be lost when the power fails. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    // EINVAL: this file system needs no fsync of folders.
    await unlessRefused(["EINVAL"], () => folder.sync());
  } finally {
    await folder.close();
  }
}
