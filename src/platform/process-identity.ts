import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessIdentity } from "../fleet/row.ts";
import { fileErrorCode } from "../stores/file/error.ts";

// Synchronous: procfs answers from memory, faster than the thread pool does.

/** Returns the identity of this process. */
export function identifyThisProcess(): ProcessIdentity {
  const host = hostname();
  const boot = unlessUnknown(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));
  const container = unlessUnknown(() => readlinkSync("/proc/self/ns/pid"));
  const space = boot === null || container === null ? host : `${boot.trim()} ${container}`;
  return { pid: process.pid, started: readProcess(process.pid)?.started ?? "", space, host };
}

/** Returns whether a process is alive; `undefined` if a process in `space` cannot check it. */
export function isAlive(other: ProcessIdentity, space: string): boolean | undefined {
  if (other.space !== space) return undefined;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if (fileErrorCode(error) === "ESRCH") return false;
    // EPERM: the process is alive and belongs to another user.
    if (fileErrorCode(error) !== "EPERM") throw error;
  }
  const found = readProcess(other.pid);
  if (found === null || other.started === "") return true;
  // A zombie accepts signals until its parent reaps it, which in many containers never happens.
  return found.started === other.started && !"ZX".includes(found.state);
}

function readProcess(pid: number): { readonly state: string; readonly started: string } | null {
  const line = unlessUnknown(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (line === null) return null;
  // proc_pid_stat(5): the name is in parentheses and may contain any character; state is field 3, the start time field 22.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", started: fields[19] ?? "" };
}

/** Error codes of procfs for a process that has ended or is hidden, and for a system without procfs. */
const UNKNOWN = ["ENOENT", "EACCES", "EPERM", "ESRCH"];

function unlessUnknown(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (UNKNOWN.includes(fileErrorCode(error) ?? "")) return null;
    throw error;
  }
}
