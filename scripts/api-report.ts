import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export interface ApiReport {
  /**
   * The public declarations of every entry of the built package, without comments, one name after the other. A change that affects
   * users changes this text.
   */
  readonly text: string;
  /** Names that a public declaration mentions, and that neither an entry exports nor the libraries of TypeScript and Node declare. */
  readonly unexported: readonly string[];
}

export function apiReport(root: string): ApiReport {
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
  const shown = new Map<ts.Symbol, string>();
  const mentioned = new Map<ts.Symbol, string>();

  function resolve(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  function print(symbol: ts.Symbol): string {
    const texts = (symbol.declarations ?? []).map((declaration) => {
      if (ts.isTypeAliasDeclaration(declaration) && isInferred(declaration.type)) return inferredType(declaration);
      noteMentions(declaration, symbol.name);
      const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
    });
    return [...new Set(texts)].join("\n");
  }

  /** The members of a type that is inferred from a schema: the declaration names only the schema. */
  function inferredType(declaration: ts.TypeAliasDeclaration): string {
    const type = checker.getTypeAtLocation(declaration);
    const flags =
      ts.NodeBuilderFlags.NoTruncation |
      ts.NodeBuilderFlags.InTypeAlias |
      ts.NodeBuilderFlags.MultilineObjectLiterals |
      ts.NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;
    const node = checker.typeToTypeNode(type, declaration, flags) ?? declaration.type;
    noteInferred(node, declaration.name.text);
    const [sorted = node] = ts.transform(node, [sortUnions]).transformed;
    const text = printer.printNode(ts.EmitHint.Unspecified, sorted, declaration.getSourceFile());
    return `export type ${declaration.name.text} = ${text};`;
  }

  function mention(symbol: ts.Symbol, by: string): void {
    if (!isGiven(symbol)) mentioned.set(symbol, by);
  }

  /** Collects the types that the declaration of `by` names. */
  function noteMentions(node: ts.Node, by: string): void {
    if (ts.isIdentifier(node) && isMention(node.parent)) {
      const symbol = checker.getSymbolAtLocation(node);
      if (symbol !== undefined) mention(resolve(symbol), by);
    }
    ts.forEachChild(node, (child) => noteMentions(child, by));
  }

  /** The same for what the compiler writes: its names have their symbol, and no place in a file. */
  function noteInferred(node: ts.Node, by: string): void {
    const symbol: ts.Symbol | undefined = ts.isIdentifier(node) ? Reflect.get(node, "symbol") : undefined;
    if (symbol !== undefined && !(symbol.flags & ts.SymbolFlags.Property)) mention(resolve(symbol), by);
    ts.forEachChild(node, (child) => noteInferred(child, by));
  }

  function isMention(parent: ts.Node): boolean {
    return (
      ts.isTypeReferenceNode(parent) ||
      ts.isExpressionWithTypeArguments(parent) ||
      ts.isTypeQueryNode(parent) ||
      ts.isQualifiedName(parent) ||
      ts.isImportTypeNode(parent)
    );
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

  /** Whether it is a type parameter, or declared by TypeScript or Node. */
  function isGiven(symbol: ts.Symbol): boolean {
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined || ts.isTypeParameterDeclaration(declaration)) return true;
    return /\/node_modules\/(?:typescript\/lib|@types\/node|undici-types)\//.test(declaration.getSourceFile().fileName);
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
  const unexported = [...mentioned].flatMap(([symbol, by]) => (shown.has(symbol) ? [] : [`${symbol.name}, by ${by}`]));
  const text = `# The public declarations\n\nWritten by \`node --conditions=source scripts/write-api-report.ts\` after a build, and held by a test.\n\n${parts.join("\n")}`;
  return { text, unexported };
}
