import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project of somebody's, in a folder of its own, with the real command line in a process of its own. */
export interface CliProject {
  readonly folder: string;
  readonly stateFile: string;
  put(name: string, text: string): string;
  read(name: string): string;
  run(...line: string[]): Promise<CliResult>;
  runWith(environment: Record<string, string>, ...line: string[]): Promise<CliResult>;
  /** With `--json`: what stands on stdout, or else on stderr. */
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
    runWith: (environment, ...line) => runBin(folder, environment, line),
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

export async function runBin(
  cwd: string,
  environment: Record<string, string>,
  line: readonly string[],
): Promise<CliResult> {
  const env = { PATH: process.env.PATH, HOME: cwd, TZ: "Europe/Berlin", ...environment };
  const child = spawn(process.execPath, ["--conditions=source", BIN, ...line], {
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
