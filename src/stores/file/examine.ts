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

const OTHERS = 0o007;
const REFUSED = ["ENOENT", "EACCES", "EPERM", "ESRCH", "ENOTDIR"];

/** Returns findings about the permissions of the state file, and about its folder. */
export async function examineFile(path: string): Promise<readonly Finding[]> {
  const root = findProjectRoot(process.cwd());
  const found = await unlessRefused(REFUSED, () => stat(path));
  return [...(found === null ? [] : await examineReaders(path, root, found)), ...examinePlace(path, root)];
}

async function examineReaders(
  path: string,
  root: string,
  { mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number },
): Promise<readonly Finding[]> {
  const subject = "readers";
  if (mode & OTHERS) {
    const message = `every user of this machine can read or write '${path}', which holds signing keys`;
    return [warnFinding(subject, message, `Run: chmod o-rwx '${path}'`)];
  }
  const canRead = (one: ProjectProcess): boolean => {
    if (one.uid === 0) return true;
    if (one.uid === uid) return (mode & 0o400) !== 0;
    return one.groups.includes(gid) && (mode & 0o040) !== 0;
  };
  const blind = (await processesOf(root)).find((one) => !canRead(one));
  if (blind === undefined) return [okFinding(subject, `the user with id ${uid} and the group with id ${gid}`)];
  const message = `process ${blind.pid} of this project runs as the user with id ${blind.uid}, and cannot read '${path}': it does not follow`;
  const hint = `Give the folder a group that both users are in: chgrp -R GROUP '${dirname(path)}' && chmod g+rwxs '${dirname(path)}'`;
  return [warnFinding(subject, message, hint)];
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
