import ts from "typescript";
import { describe, expect, test } from "vitest";
import { NODE_ONLY } from "./import-table.ts";
import { lineOf, parseSource, readSourceTree, type SourceFile, walk } from "./source-tree.ts";
import { workAtImport } from "./work-at-import.ts";

const files = readSourceTree("src");

/** Returns the places in `file` of the nodes that match, such as `src/gate.ts:12: …`. */
function found(file: SourceFile, matches: (node: ts.Node) => boolean): readonly string[] {
  const places: string[] = [];
  walk(file.ast, (node) => {
    if (matches(node)) places.push(`src/${file.path}:${lineOf(node)}: ${node.getText().split("\n", 1)[0]}`);
  });
  return places;
}

const everywhere = (matches: (node: ts.Node) => boolean): readonly string[] =>
  files.flatMap((file) => found(file, matches));

const isGlobal = (node: ts.Node, ...names: readonly string[]): boolean =>
  ts.isIdentifier(node) && names.includes(node.text) && !isMemberName(node);

/** Whether the identifier is the `b` of `a.b`, of `{ b: … }` or of a declaration of `b`, which is no use of a global. */
function isMemberName(node: ts.Identifier): boolean {
  const parent: ts.Node & { readonly name?: ts.Node; readonly propertyName?: ts.Node } = node.parent;
  return parent.name === node || parent.propertyName === node;
}

/** Whether the node is a member of a global: `process.exit`, `process.argv`. */
const isMember = (node: ts.Node, object: string, ...names: readonly string[]): boolean =>
  ts.isPropertyAccessExpression(node) && isGlobal(node.expression, object) && names.includes(node.name.text);

describe("src/ is free of", () => {
  test("any", () => {
    expect(everywhere((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  });

  test("comments that silence the compiler", () => {
    const silenced = files.filter((file) => /@ts-(ignore|nocheck|expect-error)/.test(file.ast.text));
    expect(silenced.map((file) => file.path)).toEqual([]);
  });

  test("console", () => {
    expect(everywhere((node) => isGlobal(node, "console"))).toEqual([]);
  });

  test("URL.canParse, which Node 22.18 answers wrongly in optimised code for URLs that are not ASCII", () => {
    expect(everywhere((node) => isMember(node, "URL", "canParse"))).toEqual([]);
  });

  test("top-level await", () => {
    expect(everywhere((node) => isAwait(node) && !isInFunction(node))).toEqual([]);
  });

  test("export *, except for types", () => {
    const isStar = (node: ts.Node): boolean =>
      ts.isExportDeclaration(node) &&
      !node.isTypeOnly &&
      (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause));
    expect(everywhere(isStar)).toEqual([]);
  });

  test("work at import", () => {
    const work = files
      .filter((file) => file.path !== "cli/bin.ts")
      .flatMap((file) => workAtImport(file.ast).map((node) => `src/${file.path}:${lineOf(node)}: ${node.getText()}`));
    expect(work).toEqual([]);
  });

  test("process and Buffer, in files for runtimes without Node", () => {
    const elsewhere = files.filter((file) => !NODE_ONLY.some((start) => file.path.startsWith(start)));
    // A file with `const { process } = globalThis` is allowed: there `process` is its own name, which may be undefined.
    const free = elsewhere.filter((file) => !/const \{ process \} = globalThis/.test(file.ast.text));
    expect(free.flatMap((file) => found(file, (node) => isGlobal(node, "process", "Buffer")))).toEqual([]);
  });

  test("process.argv and process.exit, except in cli/bin.ts", () => {
    const others = files.filter((file) => file.path !== "cli/bin.ts");
    const places = others.flatMap((file) =>
      found(file, (node) => isMember(node, "process", "argv", "exit", "exitCode")),
    );
    expect(places).toEqual([]);
  });
});

test("listeners on the process, except in the command line and in scopes", () => {
  const others = files.filter(({ path }) => !path.startsWith("cli/") && path !== "control/scopes/end-on-signal.ts");
  expect(others.flatMap((file) => found(file, (node) => isMember(node, "process", "on", "once")))).toEqual([]);
});

describe("the search for these", () => {
  const source = parseSource("sample.ts", "console.log(1); await x; const a = { console: 1 }; a.console; let b: any;");

  test("finds a global, and not a member of the same name", () => {
    expect(found(source, (node) => isGlobal(node, "console"))).toHaveLength(1);
  });

  test("finds an await outside of every function", () => {
    expect(found(source, (node) => isAwait(node) && !isInFunction(node))).toHaveLength(1);
  });

  test("finds statements and calls at import, and accepts declarations", () => {
    const text = `import { readFileSync } from "node:fs";
      start();
      const a = readFileSync("a");
      const b = new Map([[1, () => readFileSync("b")]]);
      class C { static d = fetch("d"); e = fetch("e"); }
      const f = [Date.now(), new Set([b]).size];`;
    const work = workAtImport(parseSource("sample.ts", text).ast).map((node) => node.getText());
    expect(work).toEqual(["start();", 'readFileSync("a")', 'fetch("d")', "Date.now()"]);
  });
});

function isAwait(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
}

function isInFunction(node: ts.Node): boolean {
  return ts.findAncestor(node, ts.isFunctionLike) !== undefined;
}
