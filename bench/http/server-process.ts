import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Variant } from "./variants.ts";

export interface ServerProcess {
  readonly variant: Variant;
  /** Each variant runs twice; the second is the A/A control. */
  readonly instance: "first" | "second";
  readonly url: string;
  readonly pid: number;
  /** CPU time since its start, in microseconds, including the threads of the compiler and the garbage collector. */
  cpuTime(): Promise<number>;
  stop(): Promise<void>;
}

export async function startServer(variant: Variant, instance: "first" | "second"): Promise<ServerProcess> {
  const child: ChildProcess = fork(fileURLToPath(new URL("server.ts", import.meta.url)), [variant], { execArgv: [] });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`The server '${variant}' ended with ${code}.`);
  });
  const [port] = await Promise.race([once(child, "message"), failed]);
  failed.catch(() => {});
  return {
    variant,
    instance,
    url: `http://127.0.0.1:${port}/`,
    pid: child.pid ?? 0,
    async cpuTime() {
      const answer = once(child, "message");
      child.send("cpu");
      const [{ user, system }] = (await answer) as [NodeJS.CpuUsage];
      return user + system;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
