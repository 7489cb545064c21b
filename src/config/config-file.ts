import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { kindOf, MaintenanceError, messageOf } from "../errors.ts";
import type { MaintenanceOptions } from "./options.ts";

/** File extensions of a configuration file, in the order of precedence. */
const CONFIG_FILE_NAMES: readonly string[] = ["ts", "mts", "cts", "js", "mjs", "cjs", "json"].map(
  (extension) => `maintenance.config.${extension}`,
);

/** Folders of a repository that may contain its only configuration file. They take precedence over build output. */
const SOURCE_FOLDERS: readonly string[] = ["src", "server", "app", "config"];
/** Folders of an image, which may contain only build output. */
const BUILT_FOLDERS: readonly string[] = [
  "dist",
  "dist/src",
  "dist/server",
  "build",
  "build/src",
  "build/server",
  "out",
  "lib",
];
/** Folders of a repository whose subfolders are projects. */
const WORKSPACE_FOLDERS: readonly string[] = ["apps", "packages", "services"];

export interface ConfigFile {
  readonly path: string;
  /** The options of the file, unchecked. */
  readonly options: MaintenanceOptions;
}

/**
 * Reads the configuration file at `path`; else the nearest one from `cwd` upwards, but not above `root`; else the only one in a usual
 * folder of `root`, such as `dist`. Returns `null` if there is none. Throws `ERR_CONFIG_FILE` with the file and its fault, also if
 * several files could be meant.
 */
export async function loadConfigFile(cwd: string, root: string, path?: string): Promise<ConfigFile | null> {
  const file = path === undefined ? (findConfigFile(cwd, root) ?? findNestedFile(root)) : resolve(cwd, path);
  if (file === null) return null;
  if (!existsSync(file)) {
    throw new MaintenanceError("ERR_CONFIG_FILE", `There is no configuration file '${file}'.`, {
      hint: "Check the path after --config, or create a file there with: maintenance-mode init",
    });
  }
  const options = extname(file) === ".json" ? await readJson(file) : await importDefault(file);
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return { path: file, options };
  throw new MaintenanceError(
    "ERR_CONFIG_FILE",
    `The configuration file '${file}' gives ${kindOf(options)}, not an object.`,
    {
      hint: "Write `export default defineConfig({ … })`.",
    },
  );
}

/** Returns the nearest configuration file, from `cwd` up to `root`; `null` if there is none. */
export function findConfigFile(cwd: string, root: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = configFileIn(folder);
    if (found !== null) return found;
    if (folder === root || folder === dirname(folder)) return null;
  }
}

function findNestedFile(root: string): string | null {
  const within = (folders: readonly string[]): readonly string[] =>
    folders.flatMap((folder) => configFileIn(join(root, folder)) ?? []);
  const sources = within(SOURCE_FOLDERS);
  const [file, other] = sources.length > 0 ? sources : within(BUILT_FOLDERS);
  const elsewhere = file ?? WORKSPACE_FOLDERS.flatMap((folder) => filesBelow(join(root, folder)))[0];
  if (elsewhere === undefined || (file !== undefined && other === undefined)) return file ?? null;
  const found = [elsewhere, ...(other === undefined ? [] : [other])].map((path) => `'${relative(root, path)}'`);
  throw new MaintenanceError(
    "ERR_CONFIG_FILE",
    `There is no configuration file in '${root}' itself, but there is ${found.join(" and ")}.`,
    { hint: `Name the one that the application reads: --config ${relative(root, elsewhere)}` },
  );
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => configFileIn(join(folder, name)) ?? []);
}

function configFileIn(folder: string): string | null {
  return CONFIG_FILE_NAMES.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw unloadable(file, `it is not JSON: ${messageOf(cause)}`, "Fix it there.", cause);
  }
}

async function importDefault(file: string): Promise<unknown> {
  let module: object;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    const [reason, hint] = diagnose(cause, file);
    throw unloadable(file, reason, hint, cause);
  }
  if ("default" in module) return module.default;
  const names = Object.keys(module).map((name) => `'${name}'`);
  const exported = names.length === 0 ? "nothing" : `only ${names.join(", ")}`;
  throw unloadable(
    file,
    `it has no default export, and exports ${exported}`,
    "Write `export default defineConfig({ … })`.",
  );
}

function diagnose(cause: unknown, file: string): readonly [reason: string, hint: string] {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const where = placeIn(cause, file);
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return [
      "this runtime does not read TypeScript",
      "Use Node.js 22.18 or newer, or name the file maintenance.config.js.",
    ];
  }
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") {
    return [`${messageOf(cause)}${where}`, "Install what it imports (npm install), or fix the path of the import."];
  }
  if (cause instanceof SyntaxError) {
    const hint = `\`node ${file}\` shows where; only TypeScript syntax that can be erased is supported.`;
    return [`it has a syntax error: ${messageOf(cause)}`, hint];
  }
  // An error of this package, thrown by the file itself, has its own hint.
  const own = cause instanceof Error && "hint" in cause && typeof cause.hint === "string" ? cause.hint : undefined;
  return [
    `it throws ${cause instanceof Error ? cause.name : "a value"}: ${messageOf(cause).replace(/\.$/, "")}${where}`,
    own ?? "Fix it there.",
  ];
}

/** Returns the line, if the stack contains it. */
function placeIn(cause: unknown, file: string): string {
  const stack = cause instanceof Error ? (cause.stack ?? "") : "";
  for (const name of [pathToFileURL(file).href, file]) {
    const line = stack.slice(stack.indexOf(`${name}:`) + name.length + 1).match(/^\d+/);
    if (stack.includes(`${name}:`) && line !== null) return ` (line ${line[0]})`;
  }
  return "";
}

function unloadable(file: string, reason: string, hint: string, cause?: unknown): MaintenanceError {
  return new MaintenanceError("ERR_CONFIG_FILE", `The configuration file '${file}' cannot be used: ${reason}.`, {
    hint,
    cause,
  });
}
