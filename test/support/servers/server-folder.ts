import { chown, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The user that a server runs as. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Creates a folder for a server's data; `startServer` removes it at the end. */
export async function makeServerFolder(name: string, owner: Owner | null = null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `maintenance-${name}-`));
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  return folder;
}

/** Returns the user `name`, for servers that refuse to run as root; `null` if the tests do not run as root or there is no such user. */
export async function ownerNamed(name: string): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null;
  const line = (await readFile("/etc/passwd", "utf8")).split("\n").find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}
