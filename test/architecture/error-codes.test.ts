import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ERROR_HINTS } from "../../src/errors.ts";
import { ROOT, readSourceTree } from "./source-tree.ts";

const sections = new Map(
  readFileSync(join(ROOT, "docs/errors.md"), "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section): [string, string] => [section.split("\n", 1)[0] ?? "", section]),
);

/** Number of characters that a text of the source must share with a message: fewer are in many messages. */
const MIN_SHARED = 12;

/** The texts of the source, as expressions in which each value matches anything. */
const texts = [
  ...new Set(
    readSourceTree("src")
      .flatMap(({ ast }) => literalsIn(ast))
      .filter((parts) => parts.join("").length >= MIN_SHARED)
      .map((parts) => parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+")),
  ),
].map((text) => new RegExp(text, "s"));

/** Returns the fixed parts of every text below `node`. */
function literalsIn(node: ts.Node): readonly (readonly string[])[] {
  const inner = node.getChildren().flatMap(literalsIn);
  if (ts.isStringLiteralLike(node)) return [[node.text]];
  if (!ts.isTemplateExpression(node)) return inner;
  return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)], ...inner];
}

describe("docs/errors.md", () => {
  test("has a section for each error code, in the order of src/errors.ts", () => {
    expect([...sections.keys()]).toEqual(Object.keys(ERROR_HINTS));
  });

  test.each(Object.keys(ERROR_HINTS))("%s says when it occurs, shows it, and says what to do", (code) => {
    const section = sections.get(code);
    expect(section).toMatch(/\*\*When\.\*\* \S/);
    expect(section).toMatch(/```text\n[^`]+\n```/);
    expect(section).toMatch(/\*\*What to do\.\*\* \S/);
  });

  test.each(Object.keys(ERROR_HINTS))("the message under %s is one of the source", (code) => {
    const [, message = ""] = /```text\n([^`]+)\n```/.exec(sections.get(code) ?? "") ?? [];
    expect(texts.filter((text) => text.test(message))).not.toEqual([]);
  });
});
