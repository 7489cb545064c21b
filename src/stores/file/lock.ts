import { link, open, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { MaintenanceError } from "../../errors.ts";
import { fileErrorCode, unlessRefused } from "./error.ts";

export interface LockOptions {
  /** Milliseconds to wait for it. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** For tests: epoch milliseconds. */
  readonly now?: (() => number) | undefined;
  /** For tests: numbers from 0 up to 1. */
  readonly random?: (() => number) | undefined;
}

export interface FileLock {
  /** Names this one holding of the lock, and every file that belongs to it. */
  readonly token: string;
  release(): Promise<void>;
}

interface Holder {
  readonly token: string;
  readonly owner: LockOwner | null;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** A holder of which nothing else can be told is taken for dead after so many milliseconds; a lock is held for a few. */
const MAX_HOLD_MS = 30_000;
const MIN_WAIT_MS = 2;
const MAX_WAIT_MS = 50;
/** What file systems without hard links say. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES"];

/**
 * Takes the lock between processes that is the file at `path`, in a folder that exists. It is free again once its holder
 * releases it or dies. Rejects with `ERR_LOCK_TIMEOUT`, naming the holder; with the signal's reason; or with what the
 * file system says.
 */
export async function acquireLock(path: string, options: LockOptions): Promise<FileLock> {
  const token = crypto.randomUUID();
  const me = await describeThisProcess();
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
    if (holder !== null && (await isDead(holder, me, now()))) {
      await takeAway(path, holder.token, { ...options, timeout: left });
      continue;
    }
    const longest = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** attempt);
    await sleep(MIN_WAIT_MS + random() * (longest - MIN_WAIT_MS), undefined, { signal: options.signal });
  }
}

/** Created with its content in one step, so that no waiter ever reads half an owner. */
async function create(path: string, token: string, me: LockOwner): Promise<boolean> {
  const content = JSON.stringify({ token, ...me });
  const draft = `${path}.${token}.tmp`;
  try {
    await writeFile(draft, content, { flag: "wx", mode: 0o644 });
    await link(draft, path);
    return true;
  } catch (error) {
    const code = fileErrorCode(error) ?? "";
    if (code === "EEXIST") return false;
    // The folder has vanished, or another process has removed the draft as a left-over.
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
    // Half a lock, where there are no hard links or the power failed: known by what the file system says of it.
    return { token: owner?.token ?? `${ino}-${since}`, owner, since };
  } finally {
    await file.close();
  }
}

async function isDead({ owner, since }: Holder, me: LockOwner, now: number): Promise<boolean> {
  const alive = owner === null ? undefined : await isAlive(owner, me.space);
  return alive === undefined ? now - since > MAX_HOLD_MS : !alive;
}

/**
 * Removes a dead holder's lock. If every waiter that finds it dead just removed it, a slow one would remove the lock
 * that a quick one has taken since. So this is done under a lock of its own, which only this holder's death is about.
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

/** The lock under which the lock at `path` is taken from the holder that `token` names. */
export function breakPath(path: string, token: string): string {
  return `${path}.${token.slice(0, 8)}`;
}

function timeoutError(path: string, timeout: number, holder: Holder | null): MaintenanceError {
  const owner = holder?.owner;
  let who = "others take it again and again";
  if (holder) who = owner ? `process ${owner.pid} on host '${owner.host}' holds it` : "it says not by whom it is held";
  return new MaintenanceError("ERR_LOCK_TIMEOUT", `The lock '${path}' was not free within ${timeout} ms: ${who}.`, {
    ...(owner && { hint: `See what that process does, and try again; if it is gone for good, remove '${path}'.` }),
  });
}

/** Who holds a lock: enough to tell, from another process, whether it still lives. */
interface LockOwner {
  readonly pid: number;
  /** When the process started, as the kernel counts it: a pid is given out again. Empty where that is not known. */
  readonly started: string;
  /** Within which processes a pid means the same process: this boot of this machine, this container. */
  readonly space: string;
  /** For people. */
  readonly host: string;
}

const lockSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ token: v.string(), pid: v.number(), started: v.string(), space: v.string(), host: v.string() }),
);

/** The owner and the token that a lock file names; `null` when it was never written to its end. */
function parseLock(text: string): (LockOwner & { readonly token: string }) | null {
  const result = v.safeParse(lockSchema, text);
  return result.success ? result.output : null;
}

/** What procfs says when a process is gone, or hidden, or when there is no procfs. */
const UNKNOWN = ["ENOENT", "EACCES", "EPERM", "ESRCH"];

async function describeThisProcess(): Promise<LockOwner> {
  const host = hostname();
  const boot = await unlessRefused(UNKNOWN, () => readFile("/proc/sys/kernel/random/boot_id", "utf8"));
  const container = await unlessRefused(UNKNOWN, () => readlink("/proc/self/ns/pid"));
  const space = boot === null || container === null ? host : `${boot.trim()} ${container}`;
  return { pid: process.pid, started: (await readProcess(process.pid))?.started ?? "", space, host };
}

/** `undefined` when it cannot be told from here. */
async function isAlive(owner: LockOwner, space: string): Promise<boolean | undefined> {
  if (owner.space !== space) return undefined;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (fileErrorCode(error) === "ESRCH") return false;
    // EPERM: it lives, and belongs to another user.
    if (fileErrorCode(error) !== "EPERM") throw error;
  }
  const found = await readProcess(owner.pid);
  if (found === null || owner.started === "") return true;
  // A zombie accepts signals until its parent reaps it, which in many containers never happens.
  return found.started === owner.started && !"ZX".includes(found.state);
}

async function readProcess(pid: number): Promise<{ readonly state: string; readonly started: string } | null> {
  const line = await unlessRefused(UNKNOWN, () => readFile(`/proc/${pid}/stat`, "utf8"));
  if (line === null) return null;
  // proc_pid_stat(5): the name stands in brackets and may contain anything; state is field 3, the start time field 22.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", started: fields[19] ?? "" };
}
