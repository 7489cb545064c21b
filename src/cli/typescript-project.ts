import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";

/** What `init` reads of a project that the TypeScript compiler builds. */
export interface TypeScriptProject {
  /** Where its sources are, relative to the project's root: `""` or a folder such as `src`. */
  readonly sources: string;
  /** An import may name a `.ts` file. Otherwise the compiler refuses that (TS5097), and `.js` stands for it. */
  readonly importsTs: boolean;
}

/** The few functions that are used of the project's own compiler. */
interface Compiler {
  readonly sys: { readFile(path: string): string | undefined };
  readConfigFile(path: string, read: (path: string) => string | undefined): { readonly config?: unknown };
  parseJsonConfigFileContent(config: unknown, host: unknown, folder: string): ParsedConfig;
}

interface ParsedConfig {
  readonly fileNames: readonly string[];
  readonly options: {
    readonly rootDir?: string;
    readonly allowImportingTsExtensions?: boolean;
    readonly rewriteRelativeImportExtensions?: boolean;
  };
}

/** Asks the project's own compiler what its tsconfig.json says, `extends` included. */
export function readTypeScriptProject(tsconfig: string): TypeScriptProject {
  const root = dirname(tsconfig);
  const compiler = findCompiler(root);
  if (compiler === null) return { sources: "", importsTs: false };
  const { config } = compiler.readConfigFile(tsconfig, compiler.sys.readFile);
  const { fileNames, options } = compiler.parseJsonConfigFileContent(config ?? {}, compiler.sys, root);
  return {
    sources: options.rootDir === undefined ? commonFolder(root, fileNames) : inside(root, options.rootDir),
    importsTs: options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true,
  };
}

/** `null`: it is not installed, or a release without this interface. */
function findCompiler(root: string): Compiler | null {
  try {
    const found: unknown = createRequire(join(root, "package.json"))("typescript");
    return isCompiler(found) ? found : null;
  } catch {
    return null;
  }
}

function isCompiler(value: unknown): value is Compiler {
  return typeof value === "object" && value !== null && "parseJsonConfigFileContent" in value && "sys" in value;
}

/** The top folder of all sources: a file outside of it would move what the compiler writes. */
function commonFolder(root: string, files: readonly string[]): string {
  const folders = new Set(files.map((file) => inside(root, dirname(file)).split("/", 1)[0]));
  const [only = ""] = folders;
  return folders.size === 1 ? only : "";
}

function inside(root: string, path: string): string {
  const folder = relative(root, path).replaceAll(sep, "/");
  return folder.startsWith("..") ? "" : folder;
}
