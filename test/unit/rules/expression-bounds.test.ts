import fc from "fast-check";
import { RE2JS } from "re2js";
import { beforeAll, describe, expect, test } from "vitest";
import { expressionCost } from "../../../src/rules/expression-cost.ts";
import {
  compileLinearRegExp,
  loadLinearRegExp,
  MAX_EXPRESSION_INSTRUCTIONS,
  MAX_EXPRESSION_LENGTH,
  MAX_EXPRESSIONS,
  requireBoundedExpressions,
} from "../../../src/rules/linear-regexp.ts";
import { compilePathMatcher, MAX_EXPRESSION_STEPS } from "../../../src/rules/paths/matcher.ts";
import { parsePathPattern } from "../../../src/rules/paths/pattern.ts";

beforeAll(loadLinearRegExp);

const ATOMS = [
  ...["a", "\\d", "[a-z]", "[^]]", "\\pL", "(?:", "(", "(?i)", ")", "*", "+", "?", "{2}", "{1,30}", "{3,}", "|"],
  ...["\\Qa(b\\E", "[[:alpha:]x]", "\\x{7f}", "^", "$", ".", "é", "(?i:", "[\\]a]", "{", "\\{", "}"],
];

test("no expression compiles to many more instructions than estimated", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ATOMS), { minLength: 1, maxLength: 40 }), (atoms) => {
      const source = atoms.join("");
      const cost = expressionCost(source);
      let size = 0;
      try {
        if (cost <= MAX_EXPRESSION_INSTRUCTIONS) size = RE2JS.compile(source, 0).programSize();
      } catch {
        // The source is not a valid expression.
      }
      expect(size).toBeLessThanOrEqual(cost * 1.5);
    }),
    { numRuns: 3_000 },
  );
});

describe("a costly expression is refused before it is compiled; the error has its number of instructions", () => {
  test.each([
    ["(.{1,300}a.{1,300})$", /compiles to about 1\d\d\d instructions; the maximum is 1000/],
    ["x{1000}".repeat(60), /compiles to about \d+ instructions/],
    ["(\\pL{9}){9}".repeat(20), /compiles to about \d+ instructions/],
    ["(?i)[b-\\x{10fffe}]".repeat(20), /compiles to about \d+ instructions/],
    ["a".repeat(MAX_EXPRESSION_LENGTH + 1), /has 501 characters; the maximum is 500/],
  ])("%s", (source, message) => {
    const refused = expect.objectContaining({ code: "ERR_INVALID_PATTERN", message: expect.stringMatching(message) });
    expect(() => compileLinearRegExp(source, false)).toThrow(refused);
    expect(() => parsePathPattern(`re:${source}`)).toThrow(refused);
  });

  test("in a list that is too long or too costly in total", () => {
    const list = (count: number, source: string): readonly string[] =>
      Array.from({ length: count }, () => `re:${source}`);
    expect(() => requireBoundedExpressions([...list(MAX_EXPRESSIONS, "^/news/\\d+$"), "/a", "/b/*"])).not.toThrow();
    expect(() => requireBoundedExpressions(list(MAX_EXPRESSIONS + 1, "a"))).toThrow(
      /51 regular expressions; the maximum is 50/,
    );
    expect(() => requireBoundedExpressions(list(10, "a{400}"))).toThrow(/about \d+ instructions; the maximum is 2000/);
  });
});

test("an expression is compiled once for all callers", () => {
  const first = compileLinearRegExp("^/once/\\d+$", false);
  expect(compileLinearRegExp("^/once/\\d+$", false)).toBe(first);
  expect(compileLinearRegExp("^/once/\\d+$", true)).not.toBe(first);
});

test.each(["^/news/", ".{1,400}a$"])("%s is matched only against paths within a limit of steps", (source) => {
  const rules = [
    { pattern: `re:${source}`, description: "", source: "shop" },
    { pattern: "/img/*", description: "", source: "shop" },
  ];
  const matcher = compilePathMatcher(rules, { ignoreCase: false });
  const longest = Math.floor(MAX_EXPRESSION_STEPS / compileLinearRegExp(source, false).programSize());
  const path = (length: number): string => "/news/".padEnd(length, "a");
  expect(matcher?.match(path(longest))).not.toBe(null);
  // A longer path is never exempt, and is inside every scope.
  expect([matcher?.match(path(longest + 1)), matcher?.covers(path(longest + 1))]).toEqual([null, true]);
  expect(matcher?.match("/img/".padEnd(longest + 1, "a"))?.pattern).toBe("/img/*");
  expect([matcher?.covers("/x"), matcher?.covers(path(20))]).toEqual([false, true]);
});
