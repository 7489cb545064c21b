import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/**
 * The public declarations of every entry of the built package, without comments, one name after the other. A change that affects
 * users changes this text. At the end are the types that a public declaration mentions but no entry exports.
 */
export function apiReport(root: string): string {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = Object.entries<string>(manifest.exports).filter(([, target]) => target.endsWith(".js"));
  const files = entries.map(([, target]) => join(root, target.replace(/\.js$/, ".d.ts")));
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    skipLibCheck: true,
    types: ["node"],
  });
  const checker = program.getTypeChecker();
  const printer = ts.createPrinter({ removeComments: true });
  const dist = join(root, "dist");
  const shown = new Map<ts.Symbol, string>();
  const mentioned = new Set<ts.Symbol>();

  function resolve(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  function print(symbol: ts.Symbol): string {
    const texts = (symbol.declarations ?? []).map((declaration) => {
      if (ts.isTypeAliasDeclaration(declaration) && isInferred(declaration.type)) return inferredType(declaration);
      noteMentions(declaration);
      const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
    });
    return [...new Set(texts)].join("\n");
  }

  /** The members of a type that is inferred from a schema: the declaration names only the schema. */
  function inferredType(declaration: ts.TypeAliasDeclaration): string {
    const type = checker.getTypeAtLocation(declaration);
    const flags =
      ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.InTypeAlias | ts.NodeBuilderFlags.MultilineObjectLiterals;
    const node = checker.typeToTypeNode(type, declaration, flags) ?? declaration.type;
    const [sorted = node] = ts.transform(node, [sortUnions]).transformed;
    const text = printer.printNode(ts.EmitHint.Unspecified, sorted, declaration.getSourceFile());
    return `export type ${declaration.name.text} = ${text};`;
  }

  /** Collects the types of this package that a declaration names. */
  function noteMentions(node: ts.Node): void {
    if (
      ts.isIdentifier(node) &&
      (ts.isTypeReferenceNode(node.parent) || ts.isExpressionWithTypeArguments(node.parent))
    ) {
      const symbol = checker.getSymbolAtLocation(node);
      if (symbol !== undefined && isOurs(resolve(symbol))) mentioned.add(resolve(symbol));
    }
    ts.forEachChild(node, noteMentions);
  }

  /** Sorts the members of unions, because the compiler's order differs between builds. */
  function sortUnions(context: ts.TransformationContext): ts.Transformer<ts.TypeNode> {
    const textOf = (node: ts.Node): string =>
      ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) ? node.literal.text : "~";
    const visit = (node: ts.Node): ts.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isUnionTypeNode(visited)) return visited;
      const types = [...visited.types].sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0));
      return ts.factory.updateUnionTypeNode(visited, ts.factory.createNodeArray(types));
    };
    return (node) => ts.visitNode(node, visit, ts.isTypeNode);
  }

  function isInferred(node: ts.Node): boolean {
    return ts.isTypeQueryNode(node) || ts.forEachChild(node, isInferred) === true;
  }

  function isOurs(symbol: ts.Symbol): boolean {
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined || ts.isTypeParameterDeclaration(declaration)) return false;
    return !relative(dist, declaration.getSourceFile().fileName).startsWith("..");
  }

  const parts = entries.map(([name], at) => {
    const source = program.getSourceFile(files[at] ?? "");
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${files[at]} is no module: build the package first.`);
    const names = checker.getExportsOfModule(module).sort((a, b) => (a.name < b.name ? -1 : 1));
    const lines = names.map((exported) => {
      const symbol = resolve(exported);
      const first = shown.get(symbol);
      if (first !== undefined) return `// ${exported.name}: as in ${first}`;
      shown.set(symbol, name);
      return print(symbol);
    });
    return `## \`${join(manifest.name, name)}\`\n\n\`\`\`ts\n${lines.join("\n")}\n\`\`\`\n`;
  });
  const hidden: string[] = [];
  // Printing a type can mention further types: the set grows during the iteration.
  for (const symbol of mentioned) {
    if (shown.has(symbol)) continue;
    shown.set(symbol, "");
    hidden.push(print(symbol));
  }
  const last = `## Mentioned by these, and exported by no entry\n\n\`\`\`ts\n${hidden.sort().join("\n")}\n\`\`\`\n`;
  return `# The public declarations\n\nWritten by \`node --conditions=source scripts/write-api-report.ts\` after a build, and held by a test.\n\n${[...parts, last].join("\n")}`;
}
