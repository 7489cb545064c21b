import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ERROR_HINTS } from "../../src/errors.ts";
import { ROOT } from "./source-tree.ts";

const sections = new Map(
  readFileSync(join(ROOT, "docs/errors.md"), "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section): [string, string] => [section.split("\n", 1)[0] ?? "", section]),
);

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
});
