import { readdirSync, readFileSync } from "node:fs";
import { extname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

export interface Import {
  /** The specifier as written: `../errors.ts`, `node:fs`, `valibot`. */
  readonly specifier: string;
  /** Whether the compiler removes the import with the types. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface SourceFile {
  /** The path relative to the folder that was read, with slashes: `stores/store.ts`. */
  readonly path: string;
  readonly lineCount: number;
  readonly ast: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** Returns the TypeScript and JavaScript files below `folder` of the repository, sorted by path, without `node_modules`. */
export function readSourceTree(folder: string): readonly SourceFile[] {
  const base = join(ROOT, folder);
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && [".ts", ".tsx", ".js"].includes(extname(entry.name)))
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((path) => !path.includes("node_modules/"))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(base, path), "utf8")));
}

export function parseSource(path: string, text: string): SourceFile {
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, lineCount: text.split("\n").length - 1, ast, imports: importsOf(ast) };
}

/** Returns the path that a relative specifier resolves to, relative to the same folder; `undefined` for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

/** Returns the package that a bare specifier belongs to: `@clack/prompts`, `temporal-polyfill`. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Calls `visit` for every node of the file. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

export function lineOf(node: ts.Node): number {
  const file = node.getSourceFile();
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

function importsOf(ast: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  walk(ast, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      found.push({ specifier: specifier.text, typeOnly: isTypeOnly(node), line: lineOf(node) });
    }
  });
  return found;
}

/** Returns the specifier of a static import, `export … from`, dynamic `import()` or `import("…")` type. */
function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  let specifier: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifier = node.moduleSpecifier;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    specifier = node.arguments[0];
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) specifier = node.argument.literal;
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) {
    const names = node.exportClause;
    return node.isTypeOnly || (names !== undefined && ts.isNamedExports(names) && allTypes(names.elements));
  }
  if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false;
  const { name, namedBindings, phaseModifier } = node.importClause;
  if (phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    allTypes(namedBindings.elements)
  );
}

function allTypes(names: readonly { readonly isTypeOnly: boolean }[]): boolean {
  return names.length > 0 && names.every((name) => name.isTypeOnly);
}
