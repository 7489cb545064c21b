import ts from "typescript";

const DECLARATIONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ImportDeclaration,
  ts.SyntaxKind.ExportDeclaration,
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.VariableStatement,
]);

/** Globals that may be called or constructed: they build a value out of values, and ask nothing of the outside. */
const PURE_GLOBALS: ReadonlySet<string> = new Set(
  "Array Intl Map Math Number Object RegExp Set String Symbol TextDecoder TextEncoder URL WeakMap WeakSet".split(" "),
);
const IMPURE_MEMBERS: ReadonlySet<string> = new Set(["Math.random"]);
/** Packages whose calls build a value too. */
const PURE_PACKAGES: ReadonlySet<string> = new Set(["valibot"]);

/** The statements and expressions of a module that do something when it is imported, besides declaring. */
export function workAtImport(file: ts.SourceFile): readonly ts.Node[] {
  const work: ts.Node[] = [];
  const look = (node: ts.Node): void => {
    // What a function does, it does when it is called.
    if (ts.isFunctionLike(node) || ts.isTypeNode(node)) return;
    if (ts.isPropertyDeclaration(node) && !isStatic(node)) return;
    if (isWork(node)) work.push(node);
    else ts.forEachChild(node, look);
  };
  for (const statement of file.statements) {
    if (isAmbient(statement)) continue;
    if (DECLARATIONS.has(statement.kind)) look(statement);
    else work.push(statement);
  }
  return work;
}

/** `declare global { … }`: types alone. */
function isAmbient(node: ts.Statement): boolean {
  return (
    ts.isModuleDeclaration(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true
  );
}

/**
 * Calls of the project's own functions are let be: schemas are put together with them. What those in turn may do is
 * left to the test that imports everything and looks for traces.
 */
function isWork(node: ts.Node): boolean {
  if (ts.isTaggedTemplateExpression(node)) return node.tag.getText() !== "String.raw";
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return ts.isClassStaticBlockDeclaration(node);
  const root = rootOf(node.expression);
  return ts.isIdentifier(root) && (IMPURE_MEMBERS.has(node.expression.getText()) || !isPure(root));
}

/** The `a` of `a.b().c`. */
function rootOf(node: ts.Expression): ts.Expression {
  const isChain = ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) || ts.isNewExpression(node);
  return isChain ? rootOf(node.expression) : node;
}

function isPure(name: ts.Identifier): boolean {
  const source = declarationsOf(name.getSourceFile()).get(name.text);
  if (source === undefined) return PURE_GLOBALS.has(name.text);
  return source.startsWith(".") || PURE_PACKAGES.has(source);
}

/** The names of a module, each with where it comes from; `.` for its own. */
function declarationsOf(file: ts.SourceFile): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (name: ts.Node | undefined, source: string): void => {
    if (name !== undefined && ts.isIdentifier(name)) names.set(name.text, source);
  };
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) add(statement.name, ".");
    else if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) add(name, ".");
    else if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const { importClause, moduleSpecifier } = statement;
      const bindings = importClause?.namedBindings;
      add(importClause?.name, moduleSpecifier.text);
      if (bindings !== undefined && ts.isNamespaceImport(bindings)) add(bindings.name, moduleSpecifier.text);
      else for (const { name } of bindings?.elements ?? []) add(name, moduleSpecifier.text);
    }
  }
  return names;
}

function isStatic(node: ts.PropertyDeclaration): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword) ?? false;
}
