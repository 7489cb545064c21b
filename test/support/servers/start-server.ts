import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Owner } from "./server-folder.ts";

export interface ServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Its data and working folder, from `makeServerFolder`. */
  readonly folder: string;
  /** The user that it runs as. @default the user of the tests */
  readonly owner?: Owner | null;
  readonly env?: Readonly<Record<string, string>>;
  /** The signal that `stop` sends. @default "SIGTERM" */
  readonly stopSignal?: NodeJS.Signals;
  /** Tries to use the server once; rejects while the server does not respond. */
  ready(): Promise<void>;
}

export interface RunningServer {
  readonly folder: string;
  /** The process id; changes with every restart. */
  readonly pid: number;
  /** Sends a signal without waiting: SIGSTOP suspends the server, SIGCONT resumes it. */
  signal(name: NodeJS.Signals): void;
  /** Ends the process and resolves when it is gone; the folder stays. Idempotent. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the server again after `kill`, with the same arguments; resolves when it responds. */
  start(): Promise<void>;
  /** Stops the server for good and removes its folder. Idempotent. */
  stop(): Promise<void>;
}

const START_WITHIN = 60_000;
const STOP_WITHIN = 10_000;
/** A shell script that reads process ids until the tests' process ends, then kills the last of them and removes the folder. */
const KEEPER = 'while read pid; do last=$pid; done; [ -n "$last" ] && kill -9 "$last" 2>/dev/null; rm -rf "$0"';

/** Starts a server for a test file. The server ends with the tests, even if their process is killed. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { folder } = options;
  const keeper = spawn("/bin/sh", ["-c", KEEPER, folder], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  keeper.unref();
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const { command, args, owner, env } = options;
    const output: string[] = [];
    const started = spawn(command, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      ...owner,
    });
    child = started;
    keeper.stdin?.write(`${started.pid ?? ""}\n`);
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => output.length < 1_000 && output.push(text));
    }
    const failed = new Promise<never>((_, reject) => {
      started.once("error", reject);
      started.once("exit", (code) => reject(new Error(`${command} ended with ${code}:\n${output.join("")}`)));
    });
    failed.catch(() => {});
    await Promise.race([failed, untilReady(options.ready, () => output.join(""))]);
  }

  async function kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    // Apart from SIGKILL, a suspended process handles no signal until it is resumed.
    child.kill("SIGCONT");
    await gone;
  }

  async function stop(): Promise<void> {
    const late = setTimeout(() => void child?.kill("SIGKILL"), STOP_WITHIN);
    await kill(options.stopSignal ?? "SIGTERM");
    clearTimeout(late);
    keeper.stdin?.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder,
    get pid() {
      return child?.pid ?? 0;
    },
    signal: (name) => void child?.kill(name),
    kill,
    start,
    stop,
  };
}

async function untilReady(ready: () => Promise<void>, output: () => string): Promise<void> {
  const deadline = Date.now() + START_WITHIN;
  for (;;) {
    try {
      return await ready();
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`The server does not answer:\n${output()}`, { cause });
      await sleep(25);
    }
  }
}
