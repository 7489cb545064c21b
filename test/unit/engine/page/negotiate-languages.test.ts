import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { negotiateLanguages } from "../../../../src/engine/page/built-in-page.ts";
import { LANGUAGES } from "../../../../src/engine/page/languages.ts";

describe("negotiateLanguages", () => {
  test.each([
    ["", "en"],
    ["*", "en"],
    ["de", "de"],
    ["DE", "de"],
    ["de-AT", "de"],
    ["de-CH-1996, en;q=0.5", "de"],
    ["en;q=0.2, fr;q=0.8", "fr"],
    ["fr, en", "fr"],
    ["xx, pl;q=0.3", "pl"],
    ["xx", "en"],
    ["de;q=0, fr;q=0.1", "fr"],
    ["pt-BR", "pt"],
    ["zh", "zh-Hans"],
    ["zh-CN", "zh-Hans"],
    ["zh-Hans-SG", "zh-Hans"],
    ["zh-TW", "zh-Hant"],
    ["zh-HK", "zh-Hant"],
    ["zh-Hant-TW", "zh-Hant"],
    ["no", "nb"],
    ["nn-NO", "nb"],
    ["nb-NO", "nb"],
    ["iw-IL", "he"],
    ["in", "id"],
    ["__proto__", "en"],
    [";;;,,,q=,=;", "en"],
    ["de;q=abc", "en"],
    ["-", "en"],
    ["de-", "de"],
  ])("answers '%s' in %s", (header, language) => {
    expect(negotiateLanguages(header).page).toBe(language);
  });

  test.each([
    ["el-GR, pt-BR;q=0.9, de;q=0.1", ["el-GR", "pt-BR", "pt"]],
    ["xx", ["xx", "en"]],
    ["", ["en"]],
  ])("for '%s', returns the ranges up to the one that matched the page's language", (header, ranges) => {
    expect(negotiateLanguages(header).ranges).toEqual(ranges);
  });

  test("ignores text beyond the first thousand characters", () => {
    expect(negotiateLanguages(`${"xx,".repeat(500)}de`).page).toBe("en");
    expect(negotiateLanguages(`de,${"x-".repeat(1_000_000)}`).page).toBe("de");
  });

  test("never throws, and always returns a built-in language", () => {
    const alphabet = fc.constantFrom(...'abcdez-*;q=0.1, \t"\\\0\u{1f600}');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: alphabet, maxLength: 2_000 })), (header) => {
        expect(LANGUAGES).toContain(negotiateLanguages(header).page);
      }),
    );
  });
});
