import { describe, expect, test } from "vitest";
import { createWords, type Words } from "../../../src/admin/page/words.ts";
import { SAME_TEXTS, TEXTS } from "./same-texts.ts";

/** Values that can be recognised in the texts that use them. */
const OBJECT: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    ["action", "address", "ago", "at", "by", "day", "end", "field", "from", "hour", "item", "language", "member"]
      .concat(["message", "mode", "name", "own", "problem", "reason", "rights", "rule", "site", "source", "span"])
      .concat(["since", "visitors", "way", "where", "who", "zone"])
      .map((name) => [name, `<${name}>`]),
  ),
  ...{ fields: ["<one>", "<two>"], hosts: ["<one>", "<two>"], names: ["<one>", "<two>"], sites: ["<one>", "<two>"] },
  ...{ addresses: 2, closed: 2, count: 5, links: 3, more: 2, paths: 1, shown: 3, total: 5 },
};
const NUMBERS = [0, 1, 2, 5, 21];
const LISTS = ["access.onlySites", "effect.only", "switching.languages"];
/** Texts that take a number: a count or a status. */
const COUNTS =
  /^(list\.selected|exemptions\.hidden|explain\.answer|history\.more|health\.strange|plain\.(notOpen|tooMany\w+))$/;
/** Texts for one site, all sites or several sites. */
const TARGETS = /^(close|askClose|refusal\.\w+|state\.by|switching\.(open|askOpen|change|askChange|done\.[\w-]+))$/;
const SITES = /^exemptions\.(untilOpen|setFor)$|^links\.validUntilOpen$/;

function samplesFor(path: string, write: (given: unknown) => unknown): readonly unknown[] {
  if (/^\(?\{/.test(String(write))) return [OBJECT, { ...OBJECT, site: "*", closed: 0, more: 0 }];
  if (COUNTS.test(path)) return NUMBERS;
  if (TARGETS.test(path)) return ["<site>", "*", ...(path.startsWith("refusal") || path === "state.by" ? [] : NUMBERS)];
  if (SITES.test(path)) return ["<site>", "*"];
  return LISTS.includes(path) ? [["<one>"], ["<one>", "<two>"]] : ["<value>"];
}

/** Returns every text by its path, once for each sample. The samples depend on the English text. */
function flatten(texts: object, english: object, path = ""): [path: string, texts: readonly string[]][] {
  return Object.entries(english).flatMap(([name, source]): [string, readonly string[]][] => {
    const value: unknown = Reflect.get(texts, name);
    const at = path === "" ? name : `${path}.${name}`;
    if (typeof source === "function" && typeof value === "function")
      return [[at, samplesFor(at, source).map((sample) => String(value(sample)))]];
    if (value instanceof Object) return flatten(value, source, at);
    return [[at, [String(value)]]];
  });
}

const write = (tag: string, texts: (words: Words) => object): object => texts(createWords(tag));
const english = write("en", TEXTS.en);
const source = new Map(flatten(english, english));
const marksIn = (text: string): string => [...new Set(text.match(/<\w+>/g) ?? [])].sort().join(" ");

describe.each(Object.entries(TEXTS))("the texts of the admin in %s", (tag, texts) => {
  const all = flatten(write(tag, texts), english);

  test("are complete, and none is empty or unfinished", () => {
    expect(all.map(([path]) => path)).toEqual([...source.keys()]);
    for (const [path, samples] of all) {
      for (const text of samples) {
        expect(text.trim(), path).toBe(text);
        expect(text, path).toMatch(/\S/);
        expect(text, path).not.toMatch(/\bundefined\b|\bnull\b|NaN|\[object|=>|#/);
      }
    }
  });

  test("use every value that they get", () => {
    for (const [path, samples] of all) expect(samples.map(marksIn), path).toEqual(source.get(path)?.map(marksIn));
  });
});

const others = Object.entries(TEXTS).filter(([tag]) => tag !== "en");

test.each(others)("the texts in %s equal the English ones only if the word is the same", (tag, texts) => {
  const all = flatten(write(tag, texts), english);
  const same = all.filter(([path, samples]) => samples.some((text) => source.get(path)?.includes(text)));
  const own = SAME_TEXTS[tag] ?? [];
  const known = new Set([...(SAME_TEXTS["*"] ?? []), ...own]);
  expect(same.map(([path]) => path).filter((path) => !known.has(path))).toEqual([]);
  const stale = own.filter((path) => !same.some(([one]) => one === path));
  expect(stale, "listed, and not the same").toEqual([]);
});
