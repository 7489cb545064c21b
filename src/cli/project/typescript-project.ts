import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, normalize, sep } from "node:path";

/** The properties of a TypeScript project that `init` uses. */
export interface TypeScriptProject {
  /** The folder of its sources, relative to the project's root: `""` or a folder such as `src`. */
  readonly sources: string;
  /** Whether an import may name a `.ts` file. Otherwise the compiler refuses it (TS5097), and `.js` is written instead. */
  readonly importsTs: boolean;
  /** In CommonJS the compiler refuses `import` (TS1295), except in files whose extension makes them ES modules. */
  readonly isVerbatim: boolean;
}

/** The output of `tsc --showConfig`. Its paths are relative to the tsconfig.json. */
interface ShownConfig {
  readonly files?: readonly string[];
  readonly compilerOptions: {
    readonly rootDir?: string;
    readonly allowImportingTsExtensions?: boolean;
    readonly rewriteRelativeImportExtensions?: boolean;
    readonly verbatimModuleSyntax?: boolean;
  };
}

/** Reads the tsconfig.json with the project's own compiler, including `extends`. */
export function readTypeScriptProject(tsconfig: string): TypeScriptProject {
  const root = dirname(tsconfig);
  const shown = showConfig(tsconfig);
  // There is no compiler, or no source file yet.
  if (shown === null)
    return { sources: existsSync(join(root, "src")) ? "src" : "", importsTs: false, isVerbatim: false };
  const { files = [], compilerOptions: options } = shown;
  return {
    sources: options.rootDir === undefined ? commonFolder(files) : inside(options.rootDir),
    importsTs: options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true,
    isVerbatim: options.verbatimModuleSyntax === true,
  };
}

/** Runs the compiler: TypeScript 7 has no API that reads a tsconfig.json. */
function showConfig(tsconfig: string): ShownConfig | null {
  try {
    const manifest = createRequire(tsconfig).resolve("typescript/package.json");
    const tsc = join(dirname(manifest), "bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "--showConfig", "-p", tsconfig], { encoding: "utf8" });
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}

/** Returns the common folder of all sources: a file outside of it would change the layout of the compiler's output. */
function commonFolder(files: readonly string[]): string {
  const folders = new Set(files.map((file) => inside(dirname(file)).split("/", 1)[0]));
  const [only = ""] = folders;
  return folders.size === 1 ? only : "";
}

function inside(path: string): string {
  const folder = normalize(path).replaceAll(sep, "/").replace(/\/$/, "");
  return folder === "." || folder.startsWith("..") ? "" : folder;
}
