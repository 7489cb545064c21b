import { execFile, spawnSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { REQUEST_HEADERS } from "./variants.ts";

const run = promisify(execFile);
const CONNECTIONS = 32;

export const INSTALL_WRK = "wrk is missing; install it with: sudo apt-get install wrk";

export function hasWrk(): boolean {
  return spawnSync("wrk", ["--version"]).error === undefined;
}

/** `rate` is in requests per second over `seconds`, a whole number. */
export async function measureRate(url: string, seconds: number): Promise<{ rate: number; requests: number }> {
  const { stdout } = await run("wrk", argumentsFor(url, seconds));
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1];
  const requests = /(\d+) requests in/.exec(stdout)?.[1];
  // A timeout is caused by the machine, and the slow slot counts. Refused or broken connections are caused by the server.
  const broken = /Socket errors: connect [1-9]|read [1-9]|write [1-9]/.test(stdout);
  if (rate === undefined || requests === undefined || broken) throw new Error(`wrk on ${url} said:\n${stdout}`);
  return { rate: Number(rate), requests: Number(requests) };
}

/** Sends load to a server for less than a second, which is wrk's shortest run. */
export async function warmUp(url: string, milliseconds: number): Promise<void> {
  const running = run("wrk", argumentsFor(url, 10));
  await delay(milliseconds);
  running.child.kill();
  await running.catch(() => {});
}

function argumentsFor(url: string, seconds: number): string[] {
  const headers = Object.entries(REQUEST_HEADERS).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  return ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, ...headers, url];
}
