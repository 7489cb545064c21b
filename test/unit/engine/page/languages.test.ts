import { describe, expect, test } from "vitest";
import { directionOf, LANGUAGES, textsFor } from "../../../../src/engine/page/languages.ts";

describe("languages", () => {
  test("there are 25, each with a canonical tag", () => {
    expect(LANGUAGES).toHaveLength(25);
    expect(Intl.getCanonicalLocales([...LANGUAGES])).toEqual(LANGUAGES);
  });

  test.each(LANGUAGES)("%s has every text, trimmed and without markup", (tag) => {
    const texts = leavesOf(textsFor(tag));
    expect(texts).toHaveLength(leavesOf(textsFor("en")).length);
    for (const text of texts) expect(text).toMatch(/^[^\s<>&](?:[^<>&]*[^\s<>&])?$/);
  });

  test.each(LANGUAGES.filter((tag) => tag !== "en"))("%s is not English", (tag) => {
    const english = new Set(leavesOf(textsFor("en")));
    expect(leavesOf(textsFor(tag)).filter((text) => english.has(text))).toEqual([]);
  });

  test("Arabic, Persian and Hebrew run from right to left, the others do not", () => {
    expect(LANGUAGES.filter((tag) => directionOf(tag) === "rtl")).toEqual(["ar", "fa", "he"]);
  });

  test.each(["xx", "", "__proto__", "constructor"])("an unknown tag '%s' gets English", (tag) => {
    expect(textsFor(tag)).toBe(textsFor("en"));
    expect(directionOf(tag)).toBe("ltr");
  });
});

function leavesOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [String(value)];
}
