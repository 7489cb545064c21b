import { expect, test } from "vitest";
import { builtInPage } from "../../../../src/engine/page/built-in-page.ts";
import { textsFor } from "../../../../src/engine/page/languages.ts";
import { pageContextOf } from "./page-context-of.ts";

test("the built-in page renders a page and a text in the language of a header", () => {
  const language = builtInPage.languagesFor("ar-EG").page;
  const context = pageContextOf({ language, direction: builtInPage.directionOf(language) });
  const { title } = textsFor("ar").closed;
  expect(builtInPage.titleOf(context)).toBe(title);
  expect(builtInPage.renderHtml(context).body).toContain('<html lang="ar" dir="rtl">');
  expect(builtInPage.renderText(context)).toMatch(new RegExp(`^${title}\n`));
});
