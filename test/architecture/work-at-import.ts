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

/** Globals that may be called or constructed: they only compute values from values. */
const PURE_GLOBALS: ReadonlySet<string> = new Set(
  "Array Intl Map Math Number Object RegExp Set String Symbol TextDecoder TextEncoder URL WeakMap WeakSet".split(" "),
);
const IMPURE_MEMBERS: ReadonlySet<string> = new Set(["Math.random"]);
/** Packages whose calls only compute values too. */
const PURE_PACKAGES: ReadonlySet<string> = new Set(["valibot"]);

/** Returns the statements and expressions with which a module does more than declare when it is imported. */
export function workAtImport(file: ts.SourceFile): readonly ts.Node[] {
  const work: ts.Node[] = [];
  const look = (node: ts.Node): void => {
    // The body of a function only runs when the function is called.
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

/** Whether the statement is `declare global { … }`, which contains types only. */
function isAmbient(node: ts.Statement): boolean {
  return (
    ts.isModuleDeclaration(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true
  );
}

/**
 * Allows calls of the project's own functions, which build schemas. The test that imports everything and looks for traces covers what those
 * functions do.
 */
function isWork(node: ts.Node): boolean {
  if (ts.isTaggedTemplateExpression(node)) return node.tag.getText() !== "String.raw";
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return ts.isClassStaticBlockDeclaration(node);
  const root = rootOf(node.expression);
  return ts.isIdentifier(root) && (IMPURE_MEMBERS.has(node.expression.getText()) || !isPure(root));
}

/** Returns the `a` of `a.b().c`. */
function rootOf(node: ts.Expression): ts.Expression {
  const isChain = ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) || ts.isNewExpression(node);
  return isChain ? rootOf(node.expression) : node;
}

function isPure(name: ts.Identifier): boolean {
  const source = declarationsOf(name.getSourceFile()).get(name.text);
  if (source === undefined) return PURE_GLOBALS.has(name.text);
  return source.startsWith(".") || PURE_PACKAGES.has(source);
}

/** Returns the names in a module, each with the module that it is imported from, or `.` if it is declared here. */
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
