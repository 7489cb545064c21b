import { compileLinearRegExp, type LinearRegExp } from "./linear-regexp.ts";
import { type PathPattern, parsePathPattern } from "./path-pattern.ts";
import { createSegmentTrie } from "./segment-trie.ts";

/** A path pattern as it was written, and by whom. */
export interface PathRule {
  readonly pattern: string;
  readonly description: string;
  /** `configuration`, or the site whose record holds it. */
  readonly source: string;
}

export interface PathMatcher {
  /**
   * The rule that matches a path in the form that `normalizePath` gives: a literal before any other, then the most specific
   * segment by segment, then regular expressions as written. Among equal patterns the first written. Expressions are not tried on a
   * path that is too long for them (`MAX_EXPRESSION_STEPS`).
   */
  match(path: string): PathRule | null;
  /** The same, where it is safer to match: a path that is too long for the expressions counts as matched. */
  covers(path: string): boolean;
  /** The number of rules. */
  readonly size: number;
}

/**
 * Instructions times characters: what the expressions of one list may cost for one path. At 50 to 100 ns a step that is 20 ms at
 * most. One common expression of 20 instructions is tried on paths of up to 10,000 characters.
 */
export const MAX_EXPRESSION_STEPS = 200_000;

/**
 * Compiles path rules; `null` when there are none. Throws `ERR_INVALID_PATTERN`. When `usesLinearRegExp` says so, `loadLinearRegExp`
 * must have been awaited.
 */
export function compilePathMatcher(
  rules: readonly PathRule[],
  options: { readonly ignoreCase: boolean },
): PathMatcher | null {
  if (rules.length === 0) return null;
  const { ignoreCase } = options;
  const literals = new Map<string, PathRule>();
  const trie = createSegmentTrie<PathRule>();
  const expressions: { readonly expression: LinearRegExp; readonly rule: PathRule }[] = [];
  const cased = (text: string) => (ignoreCase ? text.toLowerCase() : text);

  for (const rule of rules) {
    const pattern = parsePathPattern(rule.pattern);
    switch (pattern.kind) {
      case "literal": {
        const path = cased(pattern.path);
        if (!literals.has(path)) literals.set(path, rule);
        break;
      }
      case "regular-expression":
        expressions.push({ expression: compileLinearRegExp(pattern.source, ignoreCase), rule });
        break;
      default:
        trie.add(
          segmentsOf(pattern).map((segment) => segment && cased(segment)),
          pattern.kind === "prefix" || pattern.below,
          rule,
        );
    }
  }

  const instructions = expressions.reduce((sum, { expression }) => sum + expression.programSize(), 0);
  const longest = instructions === 0 ? Number.POSITIVE_INFINITY : Math.floor(MAX_EXPRESSION_STEPS / instructions);

  function match(path: string): PathRule | null {
    const text = cased(path);
    const rule = (literals.size === 0 ? undefined : literals.get(text)) ?? trie.find(text);
    if (rule !== null || path.length > longest) return rule;
    for (const { expression, rule } of expressions) if (expression.test(path)) return rule;
    return null;
  }

  return { size: rules.length, match, covers: (path) => path.length > longest || match(path) !== null };
}

function segmentsOf(
  pattern: Exclude<PathPattern, { kind: "literal" | "regular-expression" }>,
): readonly (string | null)[] {
  if (pattern.kind === "parameters") return pattern.segments;
  return pattern.path === "" ? [] : pattern.path.slice(1).split("/");
}
