import { compileLinearRegExp, type LinearRegExp } from "../linear-regexp.ts";
import { foldPath, trimPath } from "./normalize.ts";
import { type PathPattern, parsePathPattern } from "./pattern.ts";
import { createSegmentTrie } from "./segment-trie.ts";

/** A path pattern as written, with its source. */
export interface PathRule {
  readonly pattern: string;
  readonly description: string;
  /** `configuration`, or the id of the site whose record contains it. */
  readonly source: string;
  /** The exemption applies to `GET` and `HEAD` only. @default false */
  readonly onlyRetrieval?: boolean;
}

export interface PathMatcher {
  /**
   * Returns the rule that matches a path in the form of `normalizePath`: literals first, then the most specific pattern segment by segment,
   * then regular expressions in their order. Of equal patterns, the first in the list applies. Expressions are not tried on a path that is too
   * long for them (`MAX_EXPRESSION_STEPS`).
   */
  match(path: string): PathRule | null;
  /** Whether a rule matches the path, for rules where matching is the safe result: a path that is too long for the expressions matches. */
  covers(path: string): boolean;
  /** The number of rules. */
  readonly size: number;
  /** The letters and digits with which a path that matches can begin after its slash, in lower case; `null` if with any. */
  readonly initials: ReadonlySet<number> | null;
}

/**
 * Instructions times characters: the cost of the expressions of one list for one path. At 50 to 100 ns per step this is at most 20 ms. A
 * common expression of 20 instructions is tried on paths of up to 10,000 characters.
 */
export const MAX_EXPRESSION_STEPS = 200_000;

/** Number of forms of a path on which a lenient matcher tries its expressions. */
const MAX_FORMS = 3;

export interface PathMatcherOptions {
  readonly ignoreCase: boolean;
  /** Matches every spelling that some router takes for the path: for rules that keep requests out. @default false */
  readonly lenient?: boolean;
}

/**
 * Compiles path rules; returns `null` if there are none. Throws `ERR_INVALID_PATTERN`. If `usesLinearRegExp` returns true, call
 * `loadLinearRegExp` first.
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

  return {
    size: rules.length,
    initials: initialsOf(rules),
    match,
    covers: (path) => match(path) !== null || isTooLong(path),
  };
}

function initialsOf(rules: readonly PathRule[]): ReadonlySet<number> | null {
  const initials = new Set<number>();
  for (const { pattern } of rules) {
    const [, initial] = /^\/([\da-z.])/i.exec(pattern) ?? [];
    if (initial === undefined) return null;
    initials.add(initial.toLowerCase().charCodeAt(0));
  }
  return initials;
}

function segmentsOf(
  pattern: Exclude<PathPattern, { kind: "literal" | "regular-expression" }>,
): readonly (string | null)[] {
  if (pattern.kind === "parameters") return pattern.segments;
  return pattern.path === "" ? [] : pattern.path.slice(1).split("/");
}
