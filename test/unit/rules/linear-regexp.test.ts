import { describe, expect, test, vi } from "vitest";
import { compileLinearRegExp, loadLinearRegExp, usesLinearRegExp } from "../../../src/rules/linear-regexp.ts";

test("compiling before the engine is loaded is an error of the program, not of the pattern", async () => {
  // Another test of this process may have loaded the engine.
  vi.resetModules();
  const unloaded = await import("../../../src/rules/linear-regexp.ts");
  const { compilePathMatcher } = await import("../../../src/rules/paths/matcher.ts");
  expect(unloaded.isLinearRegExpLoaded()).toBe(false);
  expect(() => unloaded.compileLinearRegExp("a", false)).toThrow(/loadLinearRegExp/);
  const rules = [{ pattern: "re:a", description: "", source: "configuration" }];
  expect(() => compilePathMatcher(rules, { ignoreCase: false })).toThrow(/loadLinearRegExp/);
});

test("only patterns with re: need the engine", () => {
  expect(usesLinearRegExp(["/a", "/re:x", "/b/*"])).toBe(false);
  expect(usesLinearRegExp(["/a", "re:b"])).toBe(true);
  expect(usesLinearRegExp([])).toBe(false);
});

describe("with the engine loaded", () => {
  test("an expression can be compiled again, matches anywhere, and respects ignoreCase", async () => {
    await Promise.all([loadLinearRegExp(), loadLinearRegExp()]);
    expect(compileLinearRegExp("new", false).test("/old/news")).toBe(true);
    expect(compileLinearRegExp("^/news/\\d+$", false).test("/news/42x")).toBe(false);
    expect(compileLinearRegExp("^/news$", false).test("/NEWS")).toBe(false);
    expect(compileLinearRegExp("^/news$", true).test("/NEWS")).toBe(true);
  });

  test.each(["(a+)+$", "(a|aa)+$", "(.*a){20}$", "(a*)*b", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$"])(
    "the hostile expression %s ends in bounded time on 50,000 characters",
    async (source) => {
      await loadLinearRegExp();
      // A backtracking engine would need more than 2^50,000 steps.
      expect(compileLinearRegExp(source, false).test(`${"a".repeat(50_000)}!`)).toBe(false);
    },
  );

  test.each(["(", "[", "\\1", "(?=a)", "a{1001}", "((a{100}){100}){100}"])("%s is refused", async (source) => {
    await loadLinearRegExp();
    expect(() => compileLinearRegExp(source, false)).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_PATTERN", message: expect.stringContaining(`'re:${source}'`) }),
    );
  });
});
