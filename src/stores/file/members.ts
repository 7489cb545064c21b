import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MaintenanceError } from "../../errors.ts";
import type { MemberEntry, MemberStorage } from "../members/storage.ts";
import { unlessRefused, withFileErrors } from "./error.ts";
import { acquireLock } from "./lock.ts";
import { makeFolder, makeFolderBeside } from "./permissions.ts";
import { readStats } from "./read.ts";
import { LEFT_OVER_AGE, replaceFile } from "./replace.ts";

/** The first line of a file: its number, and when it was written. */
const HEADER = /^(\d{1,15}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n/;
/** Not `.json`: programs that restart an application when such a file changes would do so with each renewal. */
const FILE_NAME = /^([a-z0-9-]+)\.row$/;
const LOCK = "lock";
/** The folder of the default store, which is created in a project only. */
const OWN_FOLDER = ".maintenance";
const NOT_TRACKED = ".gitignore";

export interface FileMembersOptions {
  /** The state file, for messages. */
  readonly path: string;
  readonly lockTimeout: number;
  /** Returns the folder of the list, which may not exist. Rejects if it may not be created, because that of the state is gone. */
  findFolder(): Promise<string>;
}

/**
 * Keeps each key in a file of its own, in a folder beside the state file with a lock of its own: watchers of the state and its writers
 * notice nothing of it. A renewal is not flushed to the disk.
 */
export function fileMembers({ path, lockTimeout, findFolder }: FileMembersOptions): MemberStorage {
  async function locked<T>(folder: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const lock = await acquireLock(join(folder, LOCK), { timeout: lockTimeout, signal });
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  const change = (
    key: string,
    seen: number,
    signal: AbortSignal | undefined,
    work: (file: string, isUnchanged: () => Promise<boolean>) => Promise<boolean>,
  ): Promise<boolean> =>
    withFileErrors("write the list of processes of", path, async () => {
      const folder = await findFolder();
      if (seen === 0) await makeList(folder);
      else if ((await readStats(folder)) === null) return false;
      const isUnchanged = async (): Promise<boolean> => ((await readEntry(folder, key))?.seq ?? 0) === seen;
      return locked(folder, signal, () => work(join(folder, `${key}.row`), isUnchanged));
    });

  /** Without the lock: a process that is stopped while it holds it must not keep an operator from seeing the list. */
  async function readAll(folder: string): Promise<readonly MemberEntry[]> {
    if ((await readStats(folder)) === null) return [];
    // Twice: some file systems leave out a file that is replaced while its folder is read.
    const names = new Set([...(await readdir(folder)), ...(await readdir(folder))]);
    return readEntries(
      folder,
      [...names].flatMap((name) => FILE_NAME.exec(name)?.[1] ?? []),
    );
  }

  return {
    put: (key, text, seen, { isRenewal, signal }) =>
      change(key, seen, signal, (file, isUnchanged) =>
        replaceFile(file, `${seen + 1} ${new Date().toISOString()}\n${text}`, isUnchanged, { isDurable: !isRenewal }),
      ),
    remove: (key, seen, signal) =>
      change(key, seen, signal, async (file, isUnchanged) => {
        const isFound = (await readStats(file)) !== null && (await isUnchanged());
        if (isFound) await rm(file, { force: true });
        return isFound;
      }),
    read: (keys) =>
      withFileErrors("read the list of processes of", path, async () => {
        const folder = await findFolder();
        const entries = await (keys === "all" ? readAll(folder) : readEntries(folder, keys));
        return { entries, now: Date.now() };
      }),
  };
}

async function makeList(folder: string): Promise<void> {
  const home = dirname(folder);
  // Another folder that is missing may be a mount: nothing may be written below its mount point.
  if (basename(home) === OWN_FOLDER && (await readStats(join(dirname(home), "package.json"))) !== null)
    await makeFolder(home);
  else if ((await readStats(home)) === null) {
    throw new MaintenanceError("ERR_NO_STATE", `The folder '${home}' does not exist yet.`);
  }
  // Also where the state is not ignored: the folder of a running application would be in every diff.
  if (await makeFolderBeside(folder)) await writeFile(join(folder, NOT_TRACKED), "*\n");
  for (const name of await readdir(folder)) {
    if (name === LOCK || name === NOT_TRACKED || FILE_NAME.test(name)) continue;
    const leftOver = join(folder, name);
    const found = await unlessRefused(["ENOENT"], () => stat(leftOver));
    if (found !== null && Date.now() - found.mtimeMs > LEFT_OVER_AGE) await rm(leftOver, { force: true });
  }
}

async function readEntries(folder: string, keys: readonly string[]): Promise<readonly MemberEntry[]> {
  const found = await Promise.all(keys.map((key) => readEntry(folder, key)));
  return found.filter((entry) => entry !== null);
}

/** A file without its first line, edited or cut off by a power failure, has the number 0. */
async function readEntry(folder: string, key: string): Promise<MemberEntry | null> {
  const content = await unlessRefused(["ENOENT"], () => readFile(join(folder, `${key}.row`), "utf8"));
  if (content === null) return null;
  const [header, seq, written] = HEADER.exec(content) ?? [];
  if (header === undefined || written === undefined) return { key, seq: 0, text: content, written: null };
  return { key, seq: Number(seq), text: content.slice(header.length), written: Date.parse(written) };
}
