import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { unlessRefused } from "./error.ts";

/** Mode of a draft before it gets its final mode: its content is secret. */
export const DRAFT_MODE = 0o600;
/** Readable by the owner and the group, writable by the group if the folder is. Not readable by others: it contains signing keys. */
const NEW_FILE_MODE = 0o640;
const SHARED_FILE_MODE = 0o660;
const NEW_FOLDER_MODE = 0o755;
const GROUP_WRITE = 0o020;
const SET_GROUP = 0o2000;

/** Creates the folder of a state and its parents. New folders are never writable by others, whatever the umask. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: NEW_FOLDER_MODE });
  if (first === undefined || process.geteuid?.() !== 0) return;
  // The owner of the project gets folders created by root: otherwise the application could not read them.
  const { uid, gid } = await stat(dirname(first));
  for (let folder = path; ; folder = dirname(folder)) {
    const handle = await open(folder, "r");
    await handle.chown(uid, gid).finally(() => handle.close());
    if (folder === first) return;
  }
}

/**
 * Creates a folder in an existing one, with its group and, if run by root, its owner; its group may write both or neither. Returns `false`
 * if there is one.
 */
export async function makeFolderBeside(path: string): Promise<boolean> {
  if ((await unlessRefused(["EEXIST"], async () => ({ made: await mkdir(path, { mode: 0o700 }) }))) === null)
    return false;
  if (process.platform === "win32") return true;
  const { mode, uid, gid } = await stat(dirname(path));
  const folder = await open(path, "r");
  try {
    const owner = process.geteuid?.() === 0 ? uid : -1;
    await unlessRefused(["EPERM"], () => folder.chown(owner, gid));
    await folder.chmod((mode & GROUP_WRITE ? 0o770 : 0o750) | (mode & SET_GROUP));
  } finally {
    await folder.close();
  }
  return true;
}

/** Sets the group of the folder and a mode without access for others. If run by root, also sets the owner of the folder. */
export async function setNewFilePermissions(path: string, file: FileHandle): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await stat(dirname(path));
  const { uid, gid } = await file.stat();
  const owner = process.geteuid?.() === 0 ? folder.uid : uid;
  // EPERM: this user is not a member of that group. The file keeps the user's group.
  if (owner !== uid || gid !== folder.gid) await unlessRefused(["EPERM"], () => file.chown(owner, folder.gid));
  await file.chmod(folder.mode & GROUP_WRITE ? SHARED_FILE_MODE : NEW_FILE_MODE);
}
