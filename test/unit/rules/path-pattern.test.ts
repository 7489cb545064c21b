import { describe, expect, test } from "vitest";
import { MaintenanceError } from "../../../src/errors.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import { parsePathPattern } from "../../../src/rules/paths/pattern.ts";

function refusalOf(text: string): MaintenanceError {
  try {
    parsePathPattern(text);
  } catch (error) {
    if (error instanceof MaintenanceError) return error;
  }
  throw new Error(`'${text}' was not refused.`);
}

test.each([
  ["/health", { kind: "literal", path: "/health" }],
  ["/", { kind: "literal", path: "/" }],
  ["/health/", { kind: "literal", path: "/health/" }],
  ["/caf%C3%A9", { kind: "literal", path: "/café" }],
  ["/a//b", { kind: "literal", path: "/a/b" }],
  ["/a%2Ab", { kind: "literal", path: "/a*b" }],
  ["/%3Aid", { kind: "literal", path: "/:id" }],
  ["/blog/*", { kind: "prefix", path: "/blog" }],
  ["/blog//*", { kind: "prefix", path: "/blog" }],
  ["/caf%C3%A9/*", { kind: "prefix", path: "/café" }],
  ["/*", { kind: "prefix", path: "" }],
  ["/users/:id", { kind: "parameters", segments: ["users", null], below: false }],
  ["/users//:id/p%C3%A9", { kind: "parameters", segments: ["users", null, "pé"], below: false }],
  ["/:a/%3Ab/*", { kind: "parameters", segments: [null, ":b"], below: true }],
  ["re:^/news/\\d+$", { kind: "regular-expression", source: "^/news/\\d+$" }],
])("%s is parsed", (text, pattern) => {
  expect(parsePathPattern(text)).toEqual(pattern);
});

describe("a refusal names the pattern and the fix", () => {
  test.each([
    ["", "is empty", "'/*'"],
    ["health", "starts neither", "Write '/health'."],
    ["*", "starts neither", "Write '/*'."],
    ["https://shop.example/a", "starts neither", "only the path: '/a'"],
    ["/static*", "not its last segment", "Write '/static/*'."],
    ["/a/*/b", "not its last segment", "':name'"],
    ["/*.png", "not its last segment", "'re:"],
    ["/**", "not its last segment", "':name'"],
    ["/a{/b}", "contains '{'", "'/a%7B/b%7D'"],
    ["/(a|b)", "contains '('", "'re:^/(a|b)$'"],
    ["/c++", "contains '+'", "'/c%2B%2B'"],
    ["/a?x=1", "path alone", "Write '/a'"],
    ["/a#b", "path alone", "Write '/a'"],
    ["/users/:id.json", "one whole segment", "'/users/%3Aid.json'"],
    ["/wiki/Talk:Page", "one whole segment", "'/wiki/Talk%3APage'"],
    ["/:", "one whole segment", "'/%3A'"],
    ["//open/x", "more than one path", "plain form"],
    ["/a/../b", "more than one path", "plain form"],
    ["/a%2fb", "more than one path", "plain form"],
    ["/%zz/*", "more than one path", "plain form"],
    ["re:", "no regular expression", "'re:^/news/'"],
    [`/${"a".repeat(2048)}`, "longer than 2048", "shorter"],
  ])("%s", (text, reason, fix) => {
    const error = refusalOf(text);
    expect(error.code).toBe("ERR_INVALID_PATTERN");
    expect(error.message).toContain(text.slice(0, 40));
    expect(error.message).toContain(reason);
    expect(error.hint).toContain(fix);
  });

  test("once the engine is loaded, the error about an invalid regular expression contains the engine's message", async () => {
    await loadLinearRegExp();
    expect(refusalOf("re:^/(a").message).toContain("missing closing )");
    expect(refusalOf("re:^/(?=a)").hint).toContain("RE2");
  });
});
