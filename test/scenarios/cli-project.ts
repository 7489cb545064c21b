import { spawn } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CliContext, Output } from "../../src/cli/cli-context.ts";
import { run } from "../../src/cli/run.ts";
import { systemClock } from "../../src/clock.ts";

/** The built command line: a process that compiles the sources first takes twice as long. */
export const BIN = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));
const VERSION: string = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user's project in a temporary folder, with the command line over real files. */
export interface CliProject {
  readonly folder: string;
  readonly stateFile: string;
  put(name: string, text: string): string;
  read(name: string): string;
  /**
   * Runs a command in the tests' process, or in its own one if the project has a JavaScript or TypeScript file, since a process loads a
   * module only once.
   */
  run(...line: string[]): Promise<CliResult>;
  runWith(environment: Record<string, string>, ...line: string[]): Promise<CliResult>;
  /** Runs a command in its own process. */
  spawn(...line: string[]): Promise<CliResult>;
  /** Runs a command with `--json`, and parses stdout or, if that is empty, stderr. */
  json(...line: string[]): Promise<{ readonly code: number | null; readonly output: unknown }>;
  remove(): void;
}

export const CONFIG = JSON.stringify({
  sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } },
  exempt: { paths: ["/healthz"], wellKnownPaths: [], users: { staff: true } },
});

export function createCliProject(files: Record<string, string> = { "maintenance.config.json": CONFIG }): CliProject {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  const project: CliProject = {
    folder,
    stateFile: join(folder, ".maintenance/state.json"),
    put(name, text) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    read: (name) => readFileSync(join(folder, name), "utf8"),
    run: (...line) => project.runWith({}, ...line),
    runWith: (environment, ...line) => runCli(folder, environment, line),
    spawn: (...line) => runBin(folder, {}, line),
    async json(...line) {
      const { code, stdout, stderr } = await project.run(...line, "--json");
      return { code, output: JSON.parse(stdout || stderr) };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
  for (const [name, text] of Object.entries({ "package.json": '{ "type": "module" }', ...files }))
    project.put(name, text);
  return project;
}

let last: Promise<unknown> = Promise.resolve();

/** Runs the command line in `cwd`, in its own process only if that makes a difference: see `CliProject.run`. */
export async function runCli(
  cwd: string,
  environment: Record<string, string>,
  line: readonly string[],
): Promise<CliResult> {
  const isModule = /\.[cm]?[jt]s$/;
  if (line.some((argument) => isModule.test(argument)) || globSync("**/*.{js,mjs,cjs,ts}", { cwd }).length > 0) {
    return await runBin(cwd, environment, line);
  }
  // One command at a time, because they share the working directory of the process.
  const result = last.then(() => runHere(cwd, environment, line));
  last = result.catch(() => {});
  return await result;
}

async function runHere(cwd: string, environment: Record<string, string>, line: readonly string[]): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr"): Output => ({
    isTTY: false,
    columns: undefined,
    write(text) {
      written[name] += text;
    },
  });
  const context: CliContext = {
    env: { PATH: process.env.PATH, HOME: cwd, ...environment },
    cwd,
    stdout: output("stdout"),
    stderr: output("stderr"),
    isInteractive: false,
    clock: systemClock,
    timeZone: "Europe/Berlin",
    by: { kind: "cli", label: userInfo().username, from: hostname() },
    version: VERSION,
    loadPrompts: () => Promise.reject(new Error("There is no terminal to ask at.")),
    readInput: async () => "",
    startProgram: () => Promise.reject(new Error("No program can be started.")),
    onSignal: () => () => {},
    stopped: () => new Promise(() => {}),
  };
  const before = process.cwd();
  process.chdir(cwd);
  try {
    return { code: await run(context, line), ...written };
  } finally {
    process.chdir(before);
  }
}

/** Runs the command line in its own process. */
export async function runBin(
  cwd: string,
  environment: Record<string, string>,
  line: readonly string[],
): Promise<CliResult> {
  const env = { PATH: process.env.PATH, HOME: cwd, TZ: "Europe/Berlin", ...environment };
  const child = spawn(process.execPath, [BIN, ...line], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  return { code, stdout, stderr };
}
