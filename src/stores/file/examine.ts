import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { findProjectRoot, findReleaseBase } from "../../config/project-root.ts";
import { type Finding, okFinding, warnFinding } from "../../finding.ts";
import { unlessRefused } from "./error.ts";

interface ProjectProcess {
  readonly pid: string;
  readonly uid: number;
  readonly groups: readonly number[];
}

interface Owned {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const OTHERS = 0o007;
const REFUSED = ["ENOENT", "EACCES", "EPERM", "ESRCH", "ENOTDIR"];

/**
 * Returns findings about the permissions of the state file, and about its folder.
 * @param list The folder of the list of processes, if it is kept in one.
 */
export async function examineFile(path: string, list?: string): Promise<readonly Finding[]> {
  const root = findProjectRoot(process.cwd());
  const found = await unlessRefused(REFUSED, () => stat(path));
  const processes = await processesOf(root);
  return [
    ...(found === null ? [] : [examineReaders(path, processes, found)]),
    ...(list === undefined ? [] : await examineList(list, processes)),
    ...examinePlace(path, root),
  ];
}

function examineReaders(path: string, processes: readonly ProjectProcess[], owned: Owned): Finding {
  const { mode, uid, gid } = owned;
  const subject = "readers";
  if (mode & OTHERS) {
    const message = `every user of this machine can read or write '${path}', which holds signing keys`;
    return warnFinding(subject, message, `Run: chmod o-rwx '${path}'`);
  }
  const blind = processes.find((one) => !isAllowed(one, owned, READ));
  if (blind === undefined) return okFinding(subject, `the user with id ${uid} and the group with id ${gid}`);
  const message = `process ${blind.pid} of this project runs as the user with id ${blind.uid}, and cannot read '${path}': it does not follow`;
  return warnFinding(subject, message, shareHint(dirname(path)));
}

/** A list that does not exist yet is created in the folder of the state. */
async function examineList(list: string, processes: readonly ProjectProcess[]): Promise<readonly Finding[]> {
  const found = await unlessRefused(REFUSED, () => stat(list));
  const folder = found === null ? dirname(list) : list;
  const owned = found ?? (await unlessRefused(REFUSED, () => stat(folder)));
  const mute = owned === null ? undefined : processes.find((one) => !isAllowed(one, owned, WRITE | ENTER));
  if (mute === undefined) return [];
  const message = `process ${mute.pid} of this project runs as the user with id ${mute.uid}, and cannot write the list of processes in '${folder}': no command sees it`;
  return [warnFinding("processes", message, shareHint(folder))];
}

function shareHint(folder: string): string {
  return `Give the folder a group that both users are in: chgrp -R GROUP '${folder}' && chmod g+rwxs '${folder}'`;
}

/** Bits of a mode, for others. */
const READ = 4;
const WRITE = 2;
const ENTER = 1;

function isAllowed(one: ProjectProcess, { mode, uid, gid }: Owned, bits: number): boolean {
  if (one.uid === 0) return true;
  const shift = one.uid === uid ? 6 : one.groups.includes(gid) ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

function examinePlace(path: string, root: string): readonly Finding[] {
  const base = findReleaseBase(root);
  if (base === null || !path.startsWith(`${root}${sep}`)) return [];
  const message = `'${path}' is in a release folder: the next release begins with nothing closed`;
  const hint = `Name a place beside the releases: fileStore({ path: "${base}/shared/maintenance/state.json" })`;
  return [warnFinding("place", message, hint)];
}

/** Returns the Node.js processes that were started in `root` or from a file in it, as far as this user may see them. Linux only. */
async function processesOf(root: string): Promise<readonly ProjectProcess[]> {
  const pids = (await unlessRefused(REFUSED, () => readdir("/proc"))) ?? [];
  const found = await Promise.all(pids.filter((name) => /^\d+$/.test(name)).map((pid) => readProcess(pid, root)));
  return found.filter((one) => one !== null);
}

async function readProcess(pid: string, root: string): Promise<ProjectProcess | null> {
  const line = await unlessRefused(REFUSED, () => readFile(`/proc/${pid}/cmdline`, "utf8"));
  const status = await unlessRefused(REFUSED, () => readFile(`/proc/${pid}/status`, "utf8"));
  const folder = await unlessRefused(REFUSED, () => readlink(`/proc/${pid}/cwd`));
  const [program = "", ...given] = (line ?? "").split("\0");
  const isOfProject = folder === root || given.some((text) => text.startsWith(`${root}${sep}`));
  if (status === null || Number(pid) === process.pid || !/node/.test(program) || !isOfProject) return null;
  // Real, effective, saved and file system ids: see proc_pid_status(5).
  const idsOf = (name: string): readonly number[] =>
    (new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "").trim().split(/\s+/).map(Number);
  return { pid, uid: idsOf("Uid")[1] ?? 0, groups: [idsOf("Gid")[1] ?? 0, ...idsOf("Groups")] };
}
