import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { findConfigFile } from "../../config/config-file.ts";
import { findProjectRoot, findReleaseBase } from "../../config/project-root.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import { addExamples } from "../input/definition.ts";
import { type ConfigImport, findFramework, type Manifest, readManifest } from "../project/framework.ts";
import { readTypeScriptProject, type TypeScriptProject } from "../project/typescript-project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("init")
    .description("Writes a configuration file, and shows the code for the framework in package.json.")
    .option("--force", "overwrites an existing file")
    .option("--dry-run", "shows what would happen, and writes nothing");
  command.action((options: InitOptions) => perform(command, (session) => initialize(session, options)));
  addExamples(command, [
    ["init", "write the file"],
    ["init --dry-run", "see what it would write"],
  ]);
}

interface InitOptions {
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

/** Returns a configuration with the store outside the release folder: the next release would not find a state inside it. */
function besideReleases(base: string): string {
  const store = `  // Beside the releases, so that the next one finds it.
  store: fileStore({ path: ${JSON.stringify(`${base}/shared/maintenance/state.json`)} }),
`;
  return CONFIG_TEXT.replace("\n\n", '\nimport { fileStore } from "maintenance-mode/stores/file";\n\n').replace(
    "defineConfig({\n",
    `defineConfig({\n${store}\n`,
  );
}

async function initialize(session: Session, { force = false, dryRun = false }: InitOptions): Promise<Report> {
  const root = findProjectRoot(session.context.cwd);
  const manifest = await readManifest(join(root, "package.json"));
  const tsconfig = join(root, "tsconfig.json");
  const typed = existsSync(tsconfig) ? readTypeScriptProject(tsconfig) : null;
  const name = configName(manifest, typed !== null);
  const folder = join(root, typed?.sources ?? "");
  const file = join(folder, name);
  const there = findConfigFile(folder, root);
  if (there !== null && (there !== file || !force)) throw alreadyThere(there, file);
  const base = findReleaseBase(root);
  const text = base === null ? CONFIG_TEXT : besideReleases(base);
  const ignoreFile = join(root, ".gitignore");
  const inGit = isInGit(root);
  const ignores = inGit && !(await ignoresState(ignoreFile));
  if (!dryRun) {
    await write(file, text);
    if (ignores) await write(ignoreFile, await withStateFolder(ignoreFile));
  }
  const framework = findFramework(manifest.dependencies);
  const isVerbatim = typed?.isVerbatim === true && !manifest.isModule;
  const lines = framework.lines(configImport(name, manifest, typed));
  return {
    json: {
      command: "init",
      dryRun,
      file,
      content: text,
      gitignore: ignores ? ignoreFile : null,
      framework: framework.name,
      lines,
    },
    text: [
      dryRun ? `Dry run: nothing was written. ${file} would read:\n\n${text}` : `${file} is written.`,
      ...(base === null
        ? []
        : [`This is a release folder: the state is kept beside the releases, in ${base}/shared/maintenance.`]),
      ...(ignores ? [`${STATE_FOLDER}, where the state is kept, ${dryRun ? "would be" : "is"} left out of git.`] : []),
      ...(inGit
        ? []
        : [`This is not a git repository: if it becomes one, leave ${STATE_FOLDER} out of it (.gitignore).`]),
      `For ${framework.name}, add to ${isVerbatim ? "an .mts file" : "a file"} in ${relative(root, folder) || "the same folder"}:\n`,
      ...lines.map((line) => `  ${line}`),
      ...(isVerbatim
        ? [
            `\nIn a .ts file of this package the compiler refuses \`import\` (TS1295): tsconfig.json sets verbatimModuleSyntax, and package.json has no "type": "module".`,
          ]
        : []),
      `\nThen close it: ${session.program} on --message "Back at nine"`,
    ].join("\n"),
  };
}

/** Returns a name whose extension marks an ES module where package.json does not: otherwise Node.js would guess, and warn. */
function configName({ isModule, dependencies }: Manifest, compiled: boolean): string {
  return `maintenance.config.${isModule ? "" : "m"}${compiled || dependencies.has("typescript") ? "ts" : "js"}`;
}

function configImport(name: string, { isModule }: Manifest, typed: TypeScriptProject | null): ConfigImport {
  // Without a tsconfig.json nothing compiles the application, so files are named as they are.
  if (typed === null) return { file: name, by: isModule || name.endsWith("ts") ? "import" : "require" };
  return { file: typed.importsTs ? name : name.replace(/ts$/, "js"), by: "import" };
}

function alreadyThere(there: string, file: string): MaintenanceError {
  const hint = there === file ? "Add --force to overwrite it." : `Remove it first: there can be only one.`;
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
    const hint = "Check that you have permission to write there, and run the command again.";
    throw new MaintenanceError("ERR_CONFIG_FILE", `'${path}' cannot be written: ${messageOf(cause)}.`, { hint, cause });
  }
}
