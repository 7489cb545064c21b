#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { systemClock } from "../clock.ts";
import { ERROR_HINTS } from "../errors.ts";
import { nodeTooOld } from "../node-version.ts";
import type { CliContext, Output, Program } from "./cli-context.ts";

start();

function start(): void {
  const complaint = nodeTooOld();
  if (complaint !== null) {
    process.stderr.write(`Error: ${complaint} [ERR_NODE_TOO_OLD]\n${ERROR_HINTS.ERR_NODE_TOO_OLD}\n`);
    process.exitCode = 1;
    return;
  }
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  const argv = process.argv.slice(2);
  // A program that asks for the version waits for nothing else.
  if (argv.length === 1 && argv[0] === "--version") {
    process.stdout.write(`${ownVersion()}\n`);
    return;
  }
  process.once("beforeExit", endUnanswered);
  // Imported only now: an older runtime could not parse it, and its error would be less clear.
  import("./run.ts")
    .then(async ({ run }) => exit(await run(await createContext(), argv)))
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      exit(1);
    });
}

/** Ignores a pipe that closes early, as in `maintenance-mode history | head`. */
function ignoreClosedPipe(error: Error & { readonly code?: string }): void {
  if (error.code !== "EPIPE") throw error;
}

/** Reports an error when nothing is left to wait for: the command can never finish, and exit code 0 would look like success. */
function endUnanswered(): void {
  process.stderr.write("Error: The command cannot finish: a store, or the configuration, did not answer.\n");
  exit(1);
}

/** Exits when everything is written; the configuration may have left connections open that would keep the process alive. */
function exit(code: number): void {
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

function ownVersion(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

async function createContext(): Promise<CliContext> {
  const { env, stdout, stderr } = process;
  const { hostname, userInfo } = await import("node:os");
  return {
    env,
    cwd: process.cwd(),
    stdout: toOutput(stdout),
    stderr: toOutput(stderr),
    // Opening stdin takes milliseconds, and few commands need it.
    get isInteractive() {
      return process.stdin.isTTY === true && stderr.isTTY === true && !env.CI;
    },
    clock: systemClock,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    by: { kind: "cli", label: userName(userInfo), from: hostname() },
    version: ownVersion(),
    loadPrompts: async () => (await import("./input/clack-prompts.ts")).clackPrompts(process.stdin, stderr),
    readInput: async () => await (await import("node:stream/consumers")).text(process.stdin),
    startProgram,
    onSignal(listener) {
      for (const signal of PASSED_ON) process.on(signal, listener);
      return () => {
        for (const signal of PASSED_ON) process.off(signal, listener);
      };
    },
    stopped: () =>
      new Promise((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve(signal));
      }),
  };
}

const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const { spawn } = await import("node:child_process");
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  const ended = new Promise<Awaited<Program["ended"]>>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  return {
    ended,
    kill(signal) {
      // A terminal sends SIGINT to the program as well.
      if (signal !== "SIGINT" || process.stdin.isTTY !== true) child.kill(signal);
    },
  };
}

function toOutput(stream: NodeJS.WriteStream): Output {
  return { isTTY: stream.isTTY === true, columns: stream.columns, write: (text) => void stream.write(text) };
}

/** Returns the name of the user; in a container the user may have only an id. */
function userName(userInfo: () => { readonly username: string }): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER || `user ${process.geteuid?.() ?? "unknown"}`;
  }
}
