import { describe, expect, test } from "vitest";
import { directionOf, LANGUAGES, textsFor } from "../../../../src/engine/page/languages.ts";

describe("languages", () => {
  test("are 25, each with a canonical tag", () => {
    expect(LANGUAGES).toHaveLength(25);
    expect(Intl.getCanonicalLocales([...LANGUAGES])).toEqual(LANGUAGES);
  });

  test.each(LANGUAGES)("are complete in %s, trimmed and without markup", (tag) => {
    const texts = leavesOf(textsFor(tag));
    expect(texts).toHaveLength(leavesOf(textsFor("en")).length);
    for (const text of texts) expect(text).toMatch(/^[^\s<>&](?:[^<>&]*[^\s<>&])?$/);
  });

  test.each(LANGUAGES.filter((tag) => tag !== "en"))("are translated in %s", (tag) => {
    const english = new Set(leavesOf(textsFor("en")));
    expect(leavesOf(textsFor(tag)).filter((text) => english.has(text))).toEqual([]);
  });

  test("have the direction right to left for Arabic, Persian and Hebrew only", () => {
    expect(LANGUAGES.filter((tag) => directionOf(tag) === "rtl")).toEqual(["ar", "fa", "he"]);
  });

  test.each(["xx", "", "__proto__", "constructor"])("are English for an unknown tag '%s'", (tag) => {
    expect(textsFor(tag)).toBe(textsFor("en"));
    expect(directionOf(tag)).toBe("ltr");
  });
});

function leavesOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [String(value)];
}
