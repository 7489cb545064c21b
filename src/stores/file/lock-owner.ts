import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import * as v from "valibot";
import { fileErrorCode, unlessRefused } from "./error.ts";

/** Who holds a lock: enough to tell, from another process, whether it still lives. */
export interface LockOwner {
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
export function parseLock(text: string): (LockOwner & { readonly token: string }) | null {
  const result = v.safeParse(lockSchema, text);
  return result.success ? result.output : null;
}

/** What procfs says when a process is gone, or hidden, or when there is no procfs. */
const UNKNOWN = ["ENOENT", "EACCES", "EPERM", "ESRCH"];

export async function describeThisProcess(): Promise<LockOwner> {
  const host = hostname();
  const boot = await unlessRefused(UNKNOWN, () => readFile("/proc/sys/kernel/random/boot_id", "utf8"));
  const container = await unlessRefused(UNKNOWN, () => readlink("/proc/self/ns/pid"));
  const space = boot === null || container === null ? host : `${boot.trim()} ${container}`;
  return { pid: process.pid, started: (await readProcess(process.pid))?.started ?? "", space, host };
}

/** `undefined` when it cannot be told from here. */
export async function isAlive(owner: LockOwner, space: string): Promise<boolean | undefined> {
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
  // A zombie answers to signals until its parent takes note of it, and in many a container nobody does.
  return found.started === owner.started && !"ZX".includes(found.state);
}

async function readProcess(pid: number): Promise<{ readonly state: string; readonly started: string } | null> {
  const line = await unlessRefused(UNKNOWN, () => readFile(`/proc/${pid}/stat`, "utf8"));
  if (line === null) return null;
  // proc_pid_stat(5): the name stands in brackets and may contain anything; state is field 3, the start time field 22.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", started: fields[19] ?? "" };
}
