import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cpuMilliseconds, pinnedNode } from "./cores.ts";
import type { ServerSpec } from "./server-spec.ts";

export interface ServerProcess {
  readonly ports: readonly number[];
  /** Its CPU time since its start, in milliseconds. */
  cpuTime(): number;
  stop(): Promise<void>;
}

/** `pinned`: on the core of the servers, if there is one. */
export async function startServer(spec: ServerSpec, cores: "pinned" | "free" = "free"): Promise<ServerProcess> {
  const child: ChildProcess = fork(
    fileURLToPath(new URL("server.ts", import.meta.url)),
    cores === "pinned" ? pinnedNode() : { execArgv: [] },
  );
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`A server ended with ${code}: ${JSON.stringify(spec).slice(0, 200)}`);
  });
  failed.catch(() => {});
  child.send(spec);
  const [ports] = await Promise.race([once(child, "message"), failed]);
  return {
    ports,
    cpuTime: () => cpuMilliseconds(child.pid ?? 0),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
