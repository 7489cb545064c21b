import type { BigIntStats } from "node:fs";
import { readlink, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { findProjectRoot } from "../config/project-root.ts";
import { MaintenanceError } from "../errors.ts";
import { closedObject, validate } from "../validation/validate.ts";
import { type DocumentStorage, documentStore } from "./document/document.ts";
import { milliseconds, pathOption } from "./driver/options.ts";
import { unlessRefused, withFileErrors } from "./file/error.ts";
import { acquireLock, breakPath } from "./file/lock.ts";
import { fileMembers } from "./file/members.ts";
import { makeFolder } from "./file/permissions.ts";
import {
  identityOf,
  isLocal,
  isSameTag,
  isSmallFile,
  readLocal,
  readStats,
  readTagged,
  tagLocal,
  tagOf,
} from "./file/read.ts";
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

/** Milliseconds for which the answer to a stat counts: long enough for a writer to flush its file and rename it. */
const RECENT_MS = 100;

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
  /** The last `home` that was examined, and whether it is on a local file system. */
  let examined: { readonly home: string; readonly local: boolean } | null = null;
  /** When a stat of the file was last answered, on the clock of `performance.now`. */
  let answeredAt = Number.NEGATIVE_INFINITY;
  let asking = false;

  function noteAnswer(stats: BigIntStats | null): void {
    if (stats !== null && home !== null && isSmallFile(stats, home)) answeredAt = performance.now();
  }

  /** The folder, if the file can be read at once without a risk to wait. */
  function localHome(): string | null {
    const isRecent = performance.now() - answeredAt < RECENT_MS;
    return isRecent && examined?.local && examined.home === home ? home : null;
  }

  /** A writer has created a file beside the state file, which it will replace: the answer is there by then. */
  function prepare(): void {
    if (asking || localHome() !== null) return;
    asking = true;
    void readStats(path)
      .then(noteAnswer, () => {})
      .finally(() => {
        asking = false;
      });
  }

  const findHome = async (): Promise<string | null> => identityIn(dirname(await findTarget(path)));

  /** A missing file means "open" only if its folder is still there: an unmounted or moved folder is an error. */
  async function requireHome(): Promise<void> {
    const folder = dirname(await findTarget(path));
    const now = await identityIn(folder);
    if (home !== null && now !== home) throw folderGone(path, folder, now === null);
  }

  const findList = async (): Promise<string> => `${await findTarget(path)}.members`;

  /** Called before a folder is created: nothing may be written below the mount point of a missing mount. */
  async function requireHomeOrFile(): Promise<void> {
    if ((await readTag(path)) === null) await requireHome();
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
        const folder = localHome();
        const local = folder === null ? null : readLocal(path, folder);
        if (local !== null) return local;
        const before = await findHome();
        const found = await readTagged(path);
        if (found === null) await requireHome();
        else {
          // The folder may disappear during the read, which was in the folder seen before it.
          home = before ?? (await findHome()) ?? home;
          if (home !== null && examined?.home !== home) examined = { home, local: await isLocal(dirname(path)) };
        }
        return found;
      }),
    probe: () =>
      withFileErrors("read", path, async () => {
        const folder = localHome();
        const local = folder === null ? null : tagLocal(path, folder);
        if (local !== null) return local;
        const stats = await readStats(path);
        if (stats === null) await requireHome();
        noteAnswer(stats);
        return stats && tagOf(stats);
      }),
    write: (text, expected) =>
      withFileErrors("write", path, async () => {
        const before = await findHome();
        const target = await findTarget(path);
        const isWritten = await replaceFile(target, text, async () => isSameTag(expected, await readTag(path)));
        if (isWritten) home = before ?? home;
        return isWritten;
      }),
    exclusively: (work, signal) =>
      withFileErrors("write", path, async () => {
        await requireHomeOrFile();
        return exclusively(path, lockTimeout, work, signal);
      }),
    members: fileMembers({
      path,
      lockTimeout,
      async findFolder() {
        await requireHomeOrFile();
        return await findList();
      },
    }),
    watch: (listener, signal) =>
      withFileErrors("watch", path, async () => watchFile(await findTarget(path), listener, signal, prepare)),
  };
  return {
    ...documentStore(storage),
    examine: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      // A path that this user may not follow is a finding of its own.
      const list = await findList().catch(() => undefined);
      // Used by `doctor` only.
      return (await import("./file/examine.ts")).examineFile(path, list);
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

async function identityIn(folder: string): Promise<string | null> {
  const stats = await readStats(folder);
  return stats && identityOf(stats);
}

async function readTag(path: string): Promise<string | null> {
  const stats = await readStats(path);
  return stats && tagOf(stats);
}

function folderGone(path: string, folder: string, isGone: boolean): MaintenanceError {
  const what = isGone ? `its folder '${folder}' no longer exists` : `its folder '${folder}' has been replaced`;
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `The state file '${path}' is gone, and ${what}.`, {
    hint: "Mount it or move it back. If it was removed on purpose, switch from the command line: this starts a new state, which every gate reads.",
  });
}
