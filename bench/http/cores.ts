import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const CLIENT_CORE = "0";
const SERVER_CORE = "1";

/**
 * Whether the client and the servers get a core each. Without it the system moves them about, and slots of the same server differ up to
 * twice as much. Needs `taskset` and a second core.
 */
const CAN_PIN: boolean = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).error === undefined;

/** Moves all threads of this process, which is the client, to its core. */
export function pinClient(): void {
  if (CAN_PIN) spawnSync("taskset", ["--all-tasks", "--cpu-list", "--pid", CLIENT_CORE, String(process.pid)]);
}

/**
 * V8 sizes its young generation by what happened to survive at the start. Processes of the same server, left to this, differ by a quarter
 * until they end: most stay at a small one and some reach the largest. All of them get the largest, which is 16 MiB.
 */
const YOUNG_GENERATION = "--min-semi-space-size=16";

/** The program and its arguments that run Node on the core of the servers. */
export function pinnedNode(): { readonly execPath: string; readonly execArgv: string[] } {
  if (!CAN_PIN) return { execPath: process.execPath, execArgv: [YOUNG_GENERATION] };
  return { execPath: "taskset", execArgv: ["--cpu-list", SERVER_CORE, process.execPath, YOUNG_GENERATION] };
}

/**
 * Returns the milliseconds of CPU time that all threads of a process have used, which other programs on the machine hardly change. Where
 * the system does not count them, the time of the clock: while it is loaded, a server uses its core all the time.
 */
export function cpuMilliseconds(pid: number): number {
  try {
    const tasks = `/proc/${pid}/task`;
    const ofThread = (id: string): number => Number.parseInt(readFileSync(`${tasks}/${id}/schedstat`, "latin1"), 10);
    return readdirSync(tasks).reduce((sum, id) => sum + ofThread(id), 0) / 1e6;
  } catch {
    return performance.now();
  }
}
