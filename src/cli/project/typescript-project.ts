import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, normalize, sep } from "node:path";

/** What `init` reads of a project that the TypeScript compiler builds. */
export interface TypeScriptProject {
  /** Where its sources are, relative to the project's root: `""` or a folder such as `src`. */
  readonly sources: string;
  /** An import may name a `.ts` file. Otherwise the compiler refuses that (TS5097), and `.js` stands for it. */
  readonly importsTs: boolean;
  /** In CommonJS the compiler refuses `import` (TS1295): only a file whose extension makes it an ES module may have it. */
  readonly isVerbatim: boolean;
}

/** What `tsc --showConfig` prints. Its paths are relative to the tsconfig.json. */
interface ShownConfig {
  readonly files?: readonly string[];
  readonly compilerOptions: {
    readonly rootDir?: string;
    readonly allowImportingTsExtensions?: boolean;
    readonly rewriteRelativeImportExtensions?: boolean;
    readonly verbatimModuleSyntax?: boolean;
  };
}

/** Asks the project's own compiler what its tsconfig.json says, `extends` included. */
export function readTypeScriptProject(tsconfig: string): TypeScriptProject {
  const root = dirname(tsconfig);
  const shown = showConfig(tsconfig);
  // Without a compiler, or without a source file yet.
  if (shown === null)
    return { sources: existsSync(join(root, "src")) ? "src" : "", importsTs: false, isVerbatim: false };
  const { files = [], compilerOptions: options } = shown;
  return {
    sources: options.rootDir === undefined ? commonFolder(files) : inside(options.rootDir),
    importsTs: options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true,
    isVerbatim: options.verbatimModuleSyntax === true,
  };
}

/** By its command: TypeScript 7 has no programming interface that reads a tsconfig.json. */
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

/** The top folder of all sources: a file outside of it would move what the compiler writes. */
function commonFolder(files: readonly string[]): string {
  const folders = new Set(files.map((file) => inside(dirname(file)).split("/", 1)[0]));
  const [only = ""] = folders;
  return folders.size === 1 ? only : "";
}

function inside(path: string): string {
  const folder = normalize(path).replaceAll(sep, "/").replace(/\/$/, "");
  return folder === "." || folder.startsWith("..") ? "" : folder;
}
