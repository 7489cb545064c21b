import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { startServer } from "./server-process.ts";
import type { Variant } from "./variants.ts";
import { measureRate, warmUp } from "./wrk.ts";

/** Whether this machine allows `perf` to count; many virtual machines do not. */
export function canCountInstructions(): boolean {
  const { status, stderr } = spawnSync("perf", ["stat", "-x,", "-e", "instructions:u", process.execPath, "--version"], {
    encoding: "utf8",
  });
  return status === 0 && /^\d+,/m.test(stderr);
}

/** Instructions in user space per request, over three seconds after a warm-up. */
export async function countInstructions(variant: Variant): Promise<number> {
  const server = await startServer(variant, "first");
  try {
    await warmUp(server.url, 2_000);
    const perf = spawn("perf", ["stat", "-x,", "-e", "instructions:u", "-p", String(server.pid), "sleep", "3"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const [output, { requests }] = await Promise.all([
      text(perf.stderr),
      measureRate(server.url, 3),
      once(perf, "exit"),
    ]);
    return Number(output.split(",")[0]) / requests;
  } finally {
    await server.stop();
  }
}
