import Negotiator from "negotiator";
import type { WantedLanguages } from "../page-context.ts";
import { DEFAULT_LANGUAGE, LANGUAGES } from "./languages.ts";

// What people write reaches a tenth of this; what follows it is not worth a visitor's time.
const LONGEST_HEADER = 1_000;

/** Tags that RFC 4647 lookup, which only cuts from the right, would miss or send to the wrong script. */
const SYNONYMS: Readonly<Record<string, string>> = {
  in: "id",
  iw: "he",
  nn: "nb",
  no: "nb",
  zh: "zh-Hans",
  "zh-hk": "zh-Hant",
  "zh-mo": "zh-Hant",
  "zh-tw": "zh-Hant",
  yue: "zh-Hant",
};

const TAGS: ReadonlyMap<string, string> = new Map([
  ...LANGUAGES.map((tag): [string, string] => [tag.toLowerCase(), tag]),
  ...Object.entries(SYNONYMS),
]);

/**
 * The built-in language that an `Accept-Language` header prefers: the first of its ranges, best first, that finds one by lookup
 * (RFC 4647 section 3.4). `en` when none does.
 */
export function negotiateLanguages(acceptLanguage: string): WantedLanguages {
  const headers = { "accept-language": acceptLanguage.slice(0, LONGEST_HEADER) };
  const ranges: string[] = [];
  for (const range of new Negotiator({ headers }).languages()) {
    ranges.push(range);
    const page = lookUp(range.toLowerCase());
    if (page !== undefined) return { page, ranges: [...ranges, page] };
  }
  return { page: DEFAULT_LANGUAGE, ranges: [...ranges, DEFAULT_LANGUAGE] };
}

function lookUp(range: string): string | undefined {
  for (let end = range.length; end > 0; end = range.lastIndexOf("-", end - 1)) {
    const found = TAGS.get(range.slice(0, end));
    if (found !== undefined) return found;
  }
  return undefined;
}
