import { link, open, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { MaintenanceError } from "../../errors.ts";
import type { ProcessIdentity } from "../../fleet/row.ts";
import { identifyThisProcess, isAlive } from "../../platform/process-identity.ts";
import { fileErrorCode, unlessRefused } from "./error.ts";

export interface LockOptions {
  /** Milliseconds to wait for the lock. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** For tests: epoch milliseconds. */
  readonly now?: (() => number) | undefined;
  /** For tests: numbers from 0 up to 1. */
  readonly random?: (() => number) | undefined;
}

export interface FileLock {
  /** Identifies this acquisition of the lock, and every file that belongs to it. */
  readonly token: string;
  release(): Promise<void>;
}

interface Holder {
  readonly token: string;
  readonly owner: ProcessIdentity | null;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Milliseconds after which a holder is taken for dead if its process cannot be checked. A lock is normally held for a few milliseconds. */
const MAX_HOLD_MS = 30_000;
const MIN_WAIT_MS = 2;
const MAX_WAIT_MS = 50;
/** Error codes of file systems without hard links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES"];

/**
 * Acquires the lock between processes at `path`, in a folder that exists. The lock is free again once its holder releases it or dies.
 * Rejects with `ERR_LOCK_TIMEOUT`, which names the holder; with the signal's reason; or with an error of the file system.
 */
export async function acquireLock(path: string, options: LockOptions): Promise<FileLock> {
  const token = crypto.randomUUID();
  const me = identifyThisProcess();
  const random = options.random ?? Math.random;
  const now = options.now ?? Date.now;
  const deadline = performance.now() + options.timeout;
  for (let attempt = 0; ; attempt++) {
    options.signal?.throwIfAborted();
    const holder = await readHolder(path);
    if (holder?.token === token || (holder === null && (await create(path, token, me)))) {
      return { token, release: () => release(path, token) };
    }
    const left = deadline - performance.now();
    if (left <= 0) throw timeoutError(path, options.timeout, holder);
    if (holder !== null && isDead(holder, me, now())) {
      await takeAway(path, holder.token, { ...options, timeout: left });
      continue;
    }
    const longest = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** attempt);
    await sleep(MIN_WAIT_MS + random() * (longest - MIN_WAIT_MS), undefined, { signal: options.signal });
  }
}

/** Creates the lock file with its content in one step, so that a waiting process never reads half an owner. */
async function create(path: string, token: string, me: ProcessIdentity): Promise<boolean> {
  const content = JSON.stringify({ token, ...me });
  const draft = `${path}.${token}.tmp`;
  try {
    await writeFile(draft, content, { flag: "wx", mode: 0o644 });
    await link(draft, path);
    return true;
  } catch (error) {
    const code = fileErrorCode(error) ?? "";
    if (code === "EEXIST") return false;
    // The folder has disappeared, or another process has removed the draft as a left-over.
    if (code === "ENOENT" && (await stat(dirname(path))).isDirectory()) return false;
    if (!NO_LINKS.includes(code)) throw error;
    return await createInPlace(path, content);
  } finally {
    await rm(draft, { force: true });
  }
}

async function createInPlace(path: string, content: string): Promise<boolean> {
  const file = await unlessRefused(["EEXIST"], () => open(path, "wx", 0o644));
  if (file === null) return false;
  try {
    await file.writeFile(content);
    return true;
  } finally {
    await file.close();
  }
}

async function readHolder(path: string): Promise<Holder | null> {
  const file = await unlessRefused(["ENOENT"], () => open(path, "r"));
  if (file === null) return null;
  try {
    const { mtimeMs: since, ino } = await file.stat();
    const owner = parseLock(await file.readFile("utf8"));
    // An incomplete lock file (no hard links, or a power failure) is identified by its inode and time.
    return { token: owner?.token ?? `${ino}-${since}`, owner, since };
  } finally {
    await file.close();
  }
}

function isDead({ owner, since }: Holder, me: ProcessIdentity, now: number): boolean {
  const alive = owner === null ? undefined : isAlive(owner, me.space);
  return alive === undefined ? now - since > MAX_HOLD_MS : !alive;
}

/**
 * Removes the lock of a dead holder. If every waiting process removed it, a slow one could remove a lock that a fast one has acquired
 * since. So the removal has a lock of its own, named after the dead holder's token.
 */
async function takeAway(path: string, token: string, options: LockOptions): Promise<void> {
  const lock = await acquireLock(breakPath(path, token), options);
  try {
    await release(path, token);
  } finally {
    await lock.release();
  }
}

async function release(path: string, token: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder?.token === token) await rm(path, { force: true });
}

/** Returns the path of the lock under which the lock at `path` is removed from the holder with `token`. */
export function breakPath(path: string, token: string): string {
  return `${path}.${token.slice(0, 8)}`;
}

function timeoutError(path: string, timeout: number, holder: Holder | null): MaintenanceError {
  const owner = holder?.owner;
  let who = "other processes keep acquiring it";
  if (holder)
    who = owner
      ? `process ${owner.pid} on host '${owner.host}' holds it`
      : "the file does not say which process holds it";
  return new MaintenanceError(
    "ERR_LOCK_TIMEOUT",
    `The lock '${path}' could not be acquired within ${timeout} ms: ${who}.`,
    {
      ...(owner && {
        hint: `Check what that process is doing, and try again. If it no longer exists, remove '${path}'.`,
      }),
    },
  );
}

const lockSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ token: v.string(), pid: v.number(), started: v.string(), space: v.string(), host: v.string() }),
);

/** Returns the owner and the token in a lock file; `null` if the file is incomplete. */
function parseLock(text: string): (ProcessIdentity & { readonly token: string }) | null {
  const result = v.safeParse(lockSchema, text);
  return result.success ? result.output : null;
}
