import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import { compilePathMatcher, type PathMatcher, type PathRule } from "../../../src/rules/paths/matcher.ts";
import { normalizePath } from "../../../src/rules/paths/normalize.ts";
import { parsePathPattern } from "../../../src/rules/paths/pattern.ts";

function matcherOf(patterns: readonly string[], ignoreCase = false): PathMatcher {
  const matcher = compilePathMatcher(patterns.map(ruleOf), { ignoreCase });
  if (matcher === null) throw new Error("There are no patterns.");
  return matcher;
}

function ruleOf(pattern: string, i: number): PathRule {
  return { pattern, description: `rule ${i}`, source: "configuration" };
}

/** Whether `target` is exempt; an unclear path never is. */
function exempts(matcher: PathMatcher, target: string): boolean {
  const path = normalizePath(target);
  return path !== null && matcher.match(path) !== null;
}

beforeAll(loadLinearRegExp);

test("without rules there is no matcher", () => {
  expect(compilePathMatcher([], { ignoreCase: false })).toBeNull();
});

describe.each([
  ["/health", ["/health", "/health?x=1"], ["/he%61lth", "/health/other", "/healthy", "/HEALTH", "/health/", "/"]],
  ["/open/*", ["/open", "/open/", "/open/x/y", "/open//x", "/open/x?../private"], ["/opened", "/", "/Open/x"]],
  ["/open/*", [], ["/open/../private", "/open/%2e%2e/private", "//open/x", "/open%2fx", "/%zz", "/open/..;/private"]],
  ["/*", ["/", "/a", "/a/b/"], ["//a", "*"]],
  [
    "/users/:id",
    ["/users/42", "/users/a%20b", "/users/a%40b"],
    ["/users//42", "/users", "/users/", "/users/42/", "/users/42/x"],
  ],
  ["/:shop/cart/*", ["/a/cart", "/b/cart/x"], ["/cart", "/a/b/cart", "/a/carts"]],
  ["re:^/news/\\d+$", ["/news/42"], ["/news/x", "/news/42/", "/old/news/42"]],
  ["re:\\.png$", ["/a/b.png", "/b.png?x"], ["/b.png/c"]],
  ["/caf%C3%A9", ["/café", "/caf%C3%A9"], ["/cafe", "/caf%c3%a9", "/cafe%CC%81"]],
  ["/%40me/a%3Ab/*", ["/@me/a:b"], ["/%40me/a:b", "/@me/a%3Ab"]],
  ["/a/b", ["/a/b"], ["/a//b"]],
])("the pattern %s", (pattern, matching, others) => {
  test.each(matching)("matches %s", (target) => {
    expect(exempts(matcherOf([pattern]), target)).toBe(true);
  });
  test.each(others)("does not match %s", (target) => {
    expect(exempts(matcherOf([pattern]), target)).toBe(false);
  });
});

test("patterns are case-sensitive by default", () => {
  const matcher = matcherOf(["/Health", "/Open/*", "/Users/:id", "re:^/NEWS$"], true);
  for (const path of ["/health", "/HEALTH", "/oPEN/x", "/USERS/1", "/news"]) expect(matcher.match(path)).not.toBeNull();
  expect(matcher.match("/other")).toBeNull();
});

describe("a pattern that blocks matches every path that some router takes for its path", () => {
  test.each([
    ["/checkout", ["/CHECKOUT", "/checkout/", "/checkout;v=1", "/checkout%20", "/checkout.", "/checkout%3Fx"]],
    ["/Check/:id/pay", ["/check//7/pay", "/check/a%3Fb/pay", "/check/.../pay", "/check/a;b/PAY/"]],
    ["/@me/*", ["/%40me/x", "/@ME"]],
    ["/caf%C3%A9", ["/caf%c3%a9", "/cafe%CC%81", "/CAF%C3%89"]],
    ["re:^/News/\\d+$", ["/news/42", "/NEWS/42/", "/news//42"]],
  ])("%s", (pattern, targets) => {
    const matcher = compilePathMatcher([ruleOf(pattern, 0)], { ignoreCase: false, lenient: true });
    for (const target of targets) expect(matcher?.match(normalizePath(target) ?? ""), target).not.toBeNull();
    expect(matcher?.match("/other")).toBeNull();
  });
});

test("of equal patterns, the first is returned", () => {
  for (const pattern of ["/a", "/a/*", "/:x", "/:x/*", "re:a"]) {
    expect(matcherOf([pattern, pattern]).match("/a")?.description).toBe("rule 0");
  }
  expect(matcherOf(["/:a", "/:b"]).match("/x")?.description).toBe("rule 0");
});

test("the most specific pattern is returned, and a partial match does not hide the others", () => {
  const matcher = matcherOf(["/*", "/:a/b/c", "/a/:b/d", "/a/b/e", "/a/*", "/a/b/e/f"]);
  expect(matcher.size).toBe(6);
  const told = (path: string) => matcher.match(path)?.pattern;
  expect(told("/a/b/c")).toBe("/a/*");
  expect(told("/x/b/c")).toBe("/:a/b/c");
  expect(told("/a/b/d")).toBe("/a/:b/d");
  expect(told("/a/b/e")).toBe("/a/b/e");
  expect(told("/a/z")).toBe("/a/*");
  expect(told("/z")).toBe("/*");
});

const segment = fc.constantFrom("a", "b", "c");
const pattern = fc
  .tuple(fc.array(fc.oneof(segment, fc.constant(":x")), { maxLength: 4 }), fc.constantFrom("", "/", "/*"))
  .map(([segments, end]) => (segments.length === 0 ? `/${end.replace("/", "")}` : `/${segments.join("/")}${end}`));
const path = fc
  .tuple(fc.array(segment, { maxLength: 5 }), fc.constantFrom("", "/"))
  .map(([segments, end]) => (segments.length === 0 ? "/" : `/${segments.join("/")}${end}`));

test("the matcher agrees with trying all patterns", () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 12 }), path, (patterns, text) => {
      const matching = patterns.filter((pattern) => slowlyMatches(pattern, text));
      const rule = matcherOf(patterns).match(text);
      if (matching.length === 0) expect(rule).toBeNull();
      else expect(matching).toContain(rule?.pattern);
    }),
    { numRuns: 2000 },
  );
});

/** Whether a pattern matches, by the obvious way: converted to a regular expression. */
function slowlyMatches(text: string, path: string): boolean {
  const parsed = parsePathPattern(text);
  switch (parsed.kind) {
    case "literal":
      return parsed.path === path;
    case "prefix":
      return path === parsed.path || path.startsWith(`${parsed.path}/`);
    case "parameters": {
      const body = parsed.segments.map((segment) => segment ?? "[^/]+").join("/");
      return new RegExp(`^/${body}${parsed.below ? "(?:/.*)?" : ""}$`).test(path);
    }
    case "regular-expression":
      return new RegExp(parsed.source).test(path);
  }
}
