import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../../examples/quickstart/server.ts", import.meta.url));

export interface Quickstart {
  readonly process: ChildProcess;
  readonly port: number;
  /** The path of its state file. */
  readonly statePath: string;
  /** Returns its stdout and stderr so far. */
  output(): string;
  /** Kills the process if it still runs, and removes its state. */
  dispose(): Promise<void>;
}

/** Starts the quickstart as a process, on a free port and with its own state. */
export async function startQuickstart(): Promise<Quickstart> {
  const folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  await mkdir(join(folder, ".maintenance"));
  const started = runQuickstart("0", folder);
  const dispose = async (): Promise<void> => {
    if (started.process.exitCode === null && started.process.kill("SIGKILL")) await started.ended;
    await rm(folder, { recursive: true });
  };
  const port = await new Promise<number>((resolve, reject) => {
    started.process.stdout?.on("data", () => {
      const found = /answers at http:\/\/localhost:(\d+)/.exec(started.output());
      // `State: ` is the last part of the output that the tests read.
      if (found !== null && started.output().includes("State: ")) resolve(Number(found[1]));
    });
    void started.ended.then(() => reject(new Error(`The quickstart has ended: ${started.output()}`)));
  });
  const statePath = join(folder, ".maintenance", "state.json");
  return { process: started.process, port, statePath, output: started.output, dispose };
}

export interface QuickstartRun {
  readonly process: ChildProcess;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  output(): string;
}

export function runQuickstart(port: string, cwd: string): QuickstartRun {
  let output = "";
  const env = { ...process.env, PORT: port };
  const child = spawn(process.execPath, [SERVER], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return { process: child, ended: once(child, "close").then(([code]) => code), output: () => output };
}
