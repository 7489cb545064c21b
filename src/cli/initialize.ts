import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { findConfigFile } from "../config/config-file.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import { findProjectRoot } from "../stores/file-project-root.ts";
import { findFramework } from "./framework.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import type { Report, Session } from "./session.ts";

export interface InitOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

const STATE_FOLDER = ".maintenance/";

const CONFIG_TEXT = `import { defineConfig } from "maintenance-mode";

// The application and the command line both read this. Every option: docs/configuration.md of the package.
export default defineConfig({
  // What can be closed on its own. Without any, one switch closes everything.
  // sites: { shop: { hosts: ["shop.example"] } },

  // Who gets in although a site is closed.
  // exempt: { paths: ["/healthz"], addresses: ["10.0.0.0/8"], users: { staff: true } },
});
`;

/** What `init` does. */
export async function initialize(session: Session, { force = false, dryRun = false }: InitOptions): Promise<Report> {
  const root = findProjectRoot(session.context.cwd);
  const manifest = await readManifest(join(root, "package.json"));
  const file = join(root, configName(manifest, root));
  const there = findConfigFile(root, root);
  if (there !== null && (there !== file || !force)) throw alreadyThere(there, file);
  const ignoreFile = join(root, ".gitignore");
  const ignores = isInGit(root) && !(await ignoresState(ignoreFile));
  if (!dryRun) {
    await write(file, CONFIG_TEXT);
    if (ignores) await write(ignoreFile, await withStateFolder(ignoreFile));
  }
  const framework = findFramework(manifest.dependencies);
  const lines = framework.lines(basename(file));
  return {
    json: {
      command: "init",
      dryRun,
      file,
      content: CONFIG_TEXT,
      gitignore: ignores ? ignoreFile : null,
      framework: framework.name,
      lines,
    },
    text: [
      dryRun ? `Dry run: nothing was written. ${file} would read:\n\n${CONFIG_TEXT}` : `${file} is written.`,
      ...(ignores ? [`${STATE_FOLDER}, where the state is kept, ${dryRun ? "would be" : "is"} left out of git.`] : []),
      `For ${framework.name}, add:\n`,
      ...lines.map((line) => `  ${line}`),
      `\nThen close it: ${session.program} on --message "Back at nine"`,
    ].join("\n"),
  };
}

/** In a package that is not of ES modules, Node would have to guess from the content, and complains of it. */
function configName({ isModule, dependencies }: Manifest, root: string): string {
  const typed = dependencies.has("typescript") || existsSync(join(root, "tsconfig.json"));
  return `maintenance.config.${isModule ? "" : "m"}${typed ? "ts" : "js"}`;
}

function alreadyThere(there: string, file: string): MaintenanceError {
  const hint = there === file ? "Add --force to write over it." : `Remove it first: two would be one too many.`;
  return new MaintenanceError("ERR_CONFIG_FILE", `There is a configuration file already: '${there}'.`, { hint });
}

function isInGit(folder: string): boolean {
  return existsSync(join(folder, ".git")) || (folder !== dirname(folder) && isInGit(dirname(folder)));
}

async function ignoresState(path: string): Promise<boolean> {
  const lines = (await readIfThere(path)).split(/\r?\n/).map((line) => line.trim());
  return lines.some((line) => /^\/?\.maintenance\/?$/.test(line));
}

async function withStateFolder(path: string): Promise<string> {
  const text = await readIfThere(path);
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${STATE_FOLDER}\n`;
}

async function readIfThere(path: string): Promise<string> {
  return existsSync(path) ? await readFile(path, "utf8") : "";
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    const hint = "See that you may write there, and run this again.";
    throw new MaintenanceError("ERR_CONFIG_FILE", `'${path}' cannot be written: ${messageOf(cause)}.`, { hint, cause });
  }
}
