import { compileLinearRegExp, type LinearRegExp } from "../linear-regexp.ts";
import { foldPath, trimPath } from "./normalize.ts";
import { type PathPattern, parsePathPattern } from "./pattern.ts";
import { createSegmentTrie } from "./segment-trie.ts";

/** A path pattern as it was written, and by whom. */
export interface PathRule {
  readonly pattern: string;
  readonly description: string;
  /** `configuration`, or the site whose record holds it. */
  readonly source: string;
  /** An exemption for `GET` and `HEAD` alone. Default: for every method. */
  readonly onlyRetrieval?: boolean;
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

/** A lenient matcher tries its expressions on so many forms of a path. */
const MAX_FORMS = 3;

export interface PathMatcherOptions {
  readonly ignoreCase: boolean;
  /** For rules that keep out: matches every spelling that some router takes for the path. Default: false. */
  readonly lenient?: boolean;
}

/**
 * Compiles path rules; `null` when there are none. Throws `ERR_INVALID_PATTERN`. When `usesLinearRegExp` says so, `loadLinearRegExp`
 * must have been awaited.
 */
export function compilePathMatcher(
  rules: readonly PathRule[],
  { ignoreCase, lenient = false }: PathMatcherOptions,
): PathMatcher | null {
  if (rules.length === 0) return null;
  const literals = new Map<string, PathRule>();
  const trie = createSegmentTrie<PathRule>();
  const expressions: { readonly expression: LinearRegExp; readonly rule: PathRule }[] = [];
  const cased = lenient
    ? (text: string) => trimPath(foldPath(text))
    : (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const casedSegment = (segment: string): string => cased(`/${segment}`).slice(1);

  for (const rule of rules) {
    const pattern = parsePathPattern(rule.pattern);
    switch (pattern.kind) {
      case "literal": {
        const path = cased(pattern.path);
        if (!literals.has(path)) literals.set(path, rule);
        break;
      }
      case "regular-expression":
        expressions.push({ expression: compileLinearRegExp(pattern.source, ignoreCase || lenient), rule });
        break;
      default:
        trie.add(
          segmentsOf(pattern).map((segment) => segment && casedSegment(segment)),
          pattern.kind === "prefix" || pattern.below,
          rule,
        );
    }
  }

  const instructions = expressions.reduce((sum, { expression }) => sum + expression.programSize(), 0);
  const most = lenient ? MAX_EXPRESSION_STEPS / MAX_FORMS : MAX_EXPRESSION_STEPS;
  const longest = instructions === 0 ? Number.POSITIVE_INFINITY : Math.floor(most / instructions);

  function find(path: string): PathRule | null {
    return (literals.size === 0 ? undefined : literals.get(path)) ?? trie.find(path);
  }

  function findExpression(path: string): PathRule | null {
    if (path.length > longest) return null;
    for (const { expression, rule } of expressions) if (expression.test(path)) return rule;
    return null;
  }

  function match(path: string): PathRule | null {
    if (!lenient) return find(cased(path)) ?? findExpression(path);
    const folded = foldPath(path);
    const trimmed = trimPath(folded);
    const rule = find(folded) ?? (trimmed === folded ? null : find(trimmed));
    if (rule !== null || expressions.length === 0) return rule;
    for (const form of new Set([path, folded, trimmed])) {
      const found = findExpression(form);
      if (found !== null) return found;
    }
    return null;
  }

  const isTooLong = (path: string): boolean => path.length > longest || (lenient && foldPath(path).length > longest);

  return { size: rules.length, match, covers: (path) => match(path) !== null || isTooLong(path) };
}

function segmentsOf(
  pattern: Exclude<PathPattern, { kind: "literal" | "regular-expression" }>,
): readonly (string | null)[] {
  if (pattern.kind === "parameters") return pattern.segments;
  return pattern.path === "" ? [] : pattern.path.slice(1).split("/");
}
