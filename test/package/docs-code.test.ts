import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { blocksIn, type CodeBlock, ROOT } from "./docs-pages.ts";

const blocks = blocksIn("ts");
// Each block becomes a file beside its page, named by its first line (`// app.ts`) or by its position.
const fileOf = ({ code, place }: CodeBlock): string => {
  const [page = "", line] = place.split(":");
  const name = /^\/\/ ([\w.-]+\.ts)\n/.exec(code)?.[1] ?? `line-${line}.ts`;
  return `${ROOT}${dirname(page)}/code-of-${page.replaceAll("/", "-")}/${name}`.replace("/./", "/");
};

describe("TypeScript in the docs", () => {
  const sources = new Map(blocks.map((block) => [fileOf(block), block.code]));
  let complaints: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    complaints = compile(sources);
  });

  test("no two blocks of a page have the same file name", () => {
    expect(sources.size).toBe(blocks.length);
  });

  test.each(blocks)("$place compiles against the package", (block) => {
    expect(complaints.get(fileOf(block)) ?? []).toEqual([]);
  });
});

/** Compiles `sources` in memory, and returns the compiler's messages for each. */
function compile(sources: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, directoryExists } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.directoryExists = (folder) =>
    [...sources.keys()].some((file) => file.startsWith(`${folder}/`)) || directoryExists?.(folder) === true;
  const program = ts.createProgram([...sources.keys()], options, host);
  return new Map(
    [...sources.keys()].map((file) => {
      const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
      return [file, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))];
    }),
  );
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
  const paths = Object.entries<string>(exports).map(([subpath, file]) => {
    const source = file.replace("./dist/", `${ROOT}src/`).replace(/\.js$/, ".ts");
    return [`maintenance-mode${subpath.slice(1)}`, [source]];
  });
  const { rootDir: _rootDir, outDir: _outDir, ...rest } = options;
  return {
    ...rest,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    noEmit: true,
    noUnusedLocals: false,
    paths: Object.fromEntries(paths),
  };
}
