import type { BigIntStats } from "node:fs";
import { open, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { findProjectRoot } from "../config/project-root.ts";
import { MaintenanceError } from "../errors.ts";
import { closedObject, validate } from "../validation/validate.ts";
import { type DocumentStorage, documentStore, type TaggedText } from "./document/document.ts";
import { milliseconds, pathOption } from "./driver/options.ts";
import { unlessRefused, withFileErrors } from "./file/error.ts";
import { acquireLock, breakPath } from "./file/lock.ts";
import { makeFolder } from "./file/permissions.ts";
import { removeLeftOvers, replaceFile } from "./file/replace.ts";
import { watchFile } from "./file/watch.ts";
import type { Store } from "./store.ts";

/** The options of `fileStore`. */
export interface FileStoreOptions {
  /**
   * Path of the file, relative to the working directory.
   * @default `.maintenance/state.json` in the nearest folder, from the working directory upwards, that has a `.maintenance` folder or a
   * package.json
   */
  readonly path?: string | undefined;
  /**
   * Milliseconds that a change waits for other writers before it rejects with `ERR_LOCK_TIMEOUT`: 0 to 600,000.
   * @default 5_000
   */
  readonly lockTimeout?: number | undefined;
}

const schema = closedObject({ path: pathOption, lockTimeout: milliseconds(0, 600_000, 5_000) });

/** Milliseconds. The clocks of file systems tick at most every two seconds: two changes within one tick can have the same time. */
const SETTLED_AFTER_MS = 2_000;
const UNSETTLED = " unsettled";

/**
 * Returns a store that keeps the state in a file, which a person can read, edit or just `touch`. Any number of processes of one machine
 * can share it. Does nothing before it is used, and creates the file and its folder with the first change.
 * @example
 * const store = fileStore({ path: "/var/lib/shop/maintenance.json" });
 * @throws `ERR_INVALID_OPTION`
 */
export function fileStore(options: FileStoreOptions = {}): Store {
  const { path: given, lockTimeout } = validate(schema, options, "ERR_INVALID_OPTION", "fileStore");
  const path = resolve(given ?? join(findProjectRoot(process.cwd()), ".maintenance", "state.json"));
  /** The folder in which the file was last read or written; `null` before the first time. */
  let home: string | null = null;

  const findHome = async (): Promise<string | null> => identityOf(dirname(await findTarget(path)));

  /** A missing file means "open" only if its folder is still there: an unmounted or moved folder is an error. */
  async function requireHome(): Promise<void> {
    const folder = dirname(await findTarget(path));
    const now = await identityOf(folder);
    if (home !== null && now !== home) throw folderGone(path, folder, now === null);
  }

  const storage: DocumentStorage = {
    name: `file ${path}`,
    capabilities: {
      compareAndSet: true,
      readAfterWrite: "strong",
      push: true,
      shared: true,
      separateRecords: false,
      opensWhenRemoved: true,
    },
    fix: `Edit it, or move it away (mv '${path}' '${path}.broken') and close the sites again.`,
    read: () =>
      withFileErrors("read", path, async () => {
        const before = await findHome();
        const found = await readTagged(path);
        if (found === null) await requireHome();
        // The folder may disappear during the read, which was in the folder seen before it.
        else home = before ?? (await findHome()) ?? home;
        return found;
      }),
    probe: () =>
      withFileErrors("read", path, async () => {
        const tag = await readTag(path);
        if (tag === null) await requireHome();
        return tag;
      }),
    write: (text, expected) =>
      withFileErrors("write", path, async () => {
        const before = await findHome();
        const target = await findTarget(path);
        const isWritten = await replaceFile(target, text, async () => isSame(expected, await readTag(path)));
        if (isWritten) home = before ?? home;
        return isWritten;
      }),
    exclusively: (work, signal) =>
      withFileErrors("write", path, async () => {
        // Before the folder is created: nothing may be written below the mount point of a missing mount.
        if ((await readTag(path)) === null) await requireHome();
        return exclusively(path, lockTimeout, work, signal);
      }),
    watch: (listener, signal) =>
      withFileErrors("watch", path, async () => watchFile(await findTarget(path), listener, signal)),
  };
  return {
    ...documentStore(storage),
    examine: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      // Used by `doctor` only.
      return (await import("./file/examine.ts")).examineFile(path);
    },
  };
}

async function exclusively<T>(path: string, timeout: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const target = await findTarget(path);
  const lockPath = `${target}.lock`;
  await makeFolder(dirname(target));
  const lock = await acquireLock(lockPath, { timeout, signal });
  try {
    await removeLeftOvers(target, lockPath, breakPath(lockPath, lock.token), Date.now());
    return await work();
  } finally {
    await lock.release();
  }
}

/** Returns the file that a symbolic link points to, whether it exists or not. Writes replace that file and keep the link. */
async function findTarget(path: string): Promise<string> {
  const found = await unlessRefused(["ENOENT"], () => realpath(path));
  if (found !== null) return found;
  // EINVAL: the file has been created meanwhile, and is not a link.
  const next = await unlessRefused(["ENOENT", "EINVAL"], () => readlink(path));
  return next === null ? path : findTarget(resolve(dirname(path), next));
}

/** Identifies a folder, so that a replacement is noticed. `null` if there is none. */
async function identityOf(folder: string): Promise<string | null> {
  const stats = await unlessRefused(["ENOENT"], () => stat(folder, { bigint: true }));
  return stats === null ? null : [stats.dev, stats.ino, stats.birthtimeNs].join("-");
}

function folderGone(path: string, folder: string, isGone: boolean): MaintenanceError {
  const what = isGone ? `its folder '${folder}' no longer exists` : `its folder '${folder}' has been replaced`;
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `The state file '${path}' is gone, and ${what}.`, {
    hint: "Mount it or move it back. If it was removed on purpose, switch from the command line: this starts a new state, which every gate reads.",
  });
}

async function readTagged(path: string): Promise<TaggedText | null> {
  const file = await unlessRefused(["ENOENT"], () => open(path, "r"));
  if (file === null) return null;
  try {
    // Before the content: if the file changes in between, the tag is too old and the next poll reads again.
    const stats = await file.stat({ bigint: true });
    const fresh = Date.now() - Number(stats.ctimeMs) < SETTLED_AFTER_MS;
    return { text: decode(await file.readFile(), path), tag: `${tagOf(stats)}${fresh ? UNSETTLED : ""}` };
  } finally {
    await file.close();
  }
}

async function readTag(path: string): Promise<string | null> {
  const stats = await unlessRefused(["ENOENT"], () => stat(path, { bigint: true }));
  return stats === null ? null : tagOf(stats);
}

function tagOf({ mtimeNs, ctimeNs, size, ino }: BigIntStats): string {
  return [mtimeNs, ctimeNs, size, ino].join("-");
}

function isSame(expected: string | null, found: string | null): boolean {
  return expected === found || expected === `${found}${UNSETTLED}`;
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const hint = `Save it as UTF-8, or move it away (mv '${path}' '${path}.broken') and close the sites again.`;
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `The state in file ${path} is not UTF-8.`, { hint, cause });
  }
}
