import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { unlessRefused } from "./error.ts";

/** Of a draft before it gets its final mode: what it holds is secret. */
export const DRAFT_MODE = 0o600;
/** Readable by the owner and the group, and writable by the group where the folder is. Never by others: there are signing keys inside. */
const NEW_FILE_MODE = 0o640;
const SHARED_FILE_MODE = 0o660;
const NEW_FOLDER_MODE = 0o755;
const GROUP_WRITE = 0o020;

/** Makes the folder of a state, and those above it. What is made is never writable by others, whatever the umask. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: NEW_FOLDER_MODE });
  if (first === undefined || process.geteuid?.() !== 0) return;
  // What root makes for an application belongs to the owner of the project, who could not read it otherwise.
  const { uid, gid } = await stat(dirname(first));
  for (let folder = path; ; folder = dirname(folder)) {
    const handle = await open(folder, "r");
    await handle.chown(uid, gid).finally(() => handle.close());
    if (folder === first) return;
  }
}

/** Gives a new file the group of its folder and a mode that keeps others out; root gives it the folder's owner as well. */
export async function setNewFilePermissions(path: string, file: FileHandle): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await stat(dirname(path));
  const { uid, gid } = await file.stat();
  const owner = process.geteuid?.() === 0 ? folder.uid : uid;
  // EPERM: this user is not in that group. The file keeps the user's own.
  if (owner !== uid || gid !== folder.gid) await unlessRefused(["EPERM"], () => file.chown(owner, folder.gid));
  await file.chmod(folder.mode & GROUP_WRITE ? SHARED_FILE_MODE : NEW_FILE_MODE);
}
