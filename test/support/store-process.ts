import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const WORKER = fileURLToPath(new URL("store-worker.ts", import.meta.url));

export interface StoreProcess {
  readonly child: ChildProcess;
  /** The lines that it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves when it has printed `count` lines. */
  printed(count: number): Promise<void>;
  /** Resolves with the exit code, `null` after a signal; rejects with the output of stderr if the process failed. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts a process that works on a store. `increment` increments one counter per change, `many` 300 counters; `count` is the number of
 * changes.
 */
export function startStoreProcess(
  kind: "sqlite" | "postgres" | "mysql",
  options: object,
  task: "increment" | "many" | "migrate",
  count = 0,
): StoreProcess {
  const args = [WORKER, kind, JSON.stringify(options), task, String(count)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const ended = Promise.all([once(child, "close"), once(output, "close")]).then(([[code]]): number | null => {
    if (code !== 0 && code !== null) throw new Error(`The worker ended with ${code}: ${complaint}`);
    return code;
  });
  ended.catch(() => {});
  const printed = (wanted: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (lines.length >= wanted) resolve();
      };
      waiting.add(look);
      ended.then(() => reject(new Error(`It ended after ${lines.length} lines: ${complaint}`)), reject);
      look();
    });
  return { child, lines, printed, ended };
}
