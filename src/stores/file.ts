import type { BigIntStats } from "node:fs";
import { open, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { findProjectRoot } from "../config/project-root.ts";
import { MaintenanceError } from "../errors.ts";
import { closedObject, validate } from "../validation/validate.ts";
import {
  type DocumentStorage,
  type DocumentStoreOptions,
  documentStore,
  type TaggedText,
} from "./document/document.ts";
import { milliseconds, pathOption } from "./driver/options.ts";
import { unlessRefused, withFileErrors } from "./file/error.ts";
import { acquireLock, breakPath } from "./file/lock.ts";
import { makeFolder } from "./file/permissions.ts";
import { removeLeftOvers, replaceFile } from "./file/replace.ts";
import { watchFile } from "./file/watch.ts";
import type { Store } from "./store.ts";

export type { DocumentStoreOptions } from "./document/document.ts";

export interface FileStoreOptions extends DocumentStoreOptions {
  /**
   * Where the state is; relative to the working directory. Default: `.maintenance/state.json` in the nearest folder, from
   * the working directory upwards, that has a `.maintenance` folder or a package.json.
   */
  readonly path?: string | undefined;
  /** Milliseconds that a change waits for other writers, 0 to 600,000, before `ERR_LOCK_TIMEOUT`. Default: 5,000. */
  readonly lockTimeout?: number | undefined;
}

const schema = closedObject({ path: pathOption, lockTimeout: milliseconds(0, 600_000, 5_000) });

/** File systems stamp files with the time of their last tick, up to two seconds long: two changes within one may look alike. */
const SETTLED_AFTER_MS = 2_000;
const UNSETTLED = " unsettled";

/**
 * Keeps the state in a file that a person may read, edit or just touch. Any number of processes of one machine may share
 * it. Does nothing until it is used, and creates the file and its folder with the first change. Throws
 * `ERR_INVALID_OPTION`.
 */
export function fileStore(options: FileStoreOptions = {}): Store {
  const { mintLineage, random, ...own } = options;
  const { path: given, lockTimeout } = validate(schema, own, "ERR_INVALID_OPTION", "fileStore");
  const path = resolve(given ?? join(findProjectRoot(process.cwd()), ".maintenance", "state.json"));
  /** The folder in which the file was last read or written; `null`: neither yet. */
  let home: string | null = null;

  const findHome = async (): Promise<string | null> => identityOf(dirname(await findTarget(path)));

  /** A missing file means "open" only if its folder is still there: an unmounted or moved folder is a failure. */
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
    fix: `Edit it, or move it away (mv '${path}' '${path}.broken') and switch again.`,
    read: () =>
      withFileErrors("read", path, async () => {
        const before = await findHome();
        const found = await readTagged(path);
        if (found === null) await requireHome();
        // The folder may go while the file is read: it was seen in the one that was there before.
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
        // Before the folder is made anew: a mount that is gone must not be written under.
        if ((await readTag(path)) === null) await requireHome();
        return exclusively(path, lockTimeout, work, signal);
      }),
    watch: (listener, signal) =>
      withFileErrors("watch", path, async () => watchFile(await findTarget(path), listener, signal)),
  };
  return {
    ...documentStore(storage, { mintLineage, random }),
    examine: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      // Only `doctor` asks.
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

/** The file behind a symbolic link, which is written through, even where the file is not there yet. */
async function findTarget(path: string): Promise<string> {
  const found = await unlessRefused(["ENOENT"], () => realpath(path));
  if (found !== null) return found;
  // EINVAL: the file exists meanwhile, and is no link.
  const next = await unlessRefused(["ENOENT", "EINVAL"], () => readlink(path));
  return next === null ? path : findTarget(resolve(dirname(path), next));
}

/** A folder that takes another's place is another. `null`: there is none. */
async function identityOf(folder: string): Promise<string | null> {
  const stats = await unlessRefused(["ENOENT"], () => stat(folder, { bigint: true }));
  return stats === null ? null : [stats.dev, stats.ino, stats.birthtimeNs].join("-");
}

function folderGone(path: string, folder: string, isGone: boolean): MaintenanceError {
  const what = isGone ? `its folder '${folder}' is not there any more` : `its folder '${folder}' is another one now`;
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `The state file '${path}' is gone, and ${what}.`, {
    hint: "Mount it or move it back. If it was removed on purpose, switch from the command line: that begins a new state, which every gate follows.",
  });
}

async function readTagged(path: string): Promise<TaggedText | null> {
  const file = await unlessRefused(["ENOENT"], () => open(path, "r"));
  if (file === null) return null;
  try {
    // Before the content: if that changes in between, the tag is too old, and the next poll reads again.
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
    const hint = `Save it as UTF-8, or move it away (mv '${path}' '${path}.broken') and switch again.`;
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `The state in file ${path} is not UTF-8.`, { hint, cause });
  }
}
