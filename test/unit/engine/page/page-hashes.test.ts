import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { compactScript, compactStyle, SCRIPT_HASH, STYLE_HASH } from "../../../../src/engine/page/render.ts";
import { PAGE_SCRIPT } from "../../../../src/engine/page/script.ts";
import { PAGE_STYLE } from "../../../../src/engine/page/style.ts";

test.each([
  ["STYLE_HASH", STYLE_HASH, compactStyle(PAGE_STYLE)],
  ["SCRIPT_HASH", SCRIPT_HASH, compactScript(PAGE_SCRIPT)],
])("%s is the hash of the text in the page", (name, stated, text) => {
  const actual = `sha256-${createHash("sha256").update(text).digest("base64")}`;
  expect(stated, `set ${name} in render.ts to "${actual}"`).toBe(actual);
});

test("neither text can end its element", () => {
  expect(PAGE_STYLE).not.toContain("</");
  expect(PAGE_SCRIPT).not.toMatch(/<\/|<!--/);
});
