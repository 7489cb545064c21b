import Negotiator from "negotiator";
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
 * The built-in language that an `Accept-Language` header (RFC 9110 section 12.5.4) prefers: the first of its ranges, best
 * first, that finds one by lookup (RFC 4647 section 3.4). `en` when none does. Never throws, whatever the header holds.
 */
export function negotiateLanguage(acceptLanguage: string | undefined): string {
  if (acceptLanguage === undefined) return DEFAULT_LANGUAGE;
  const headers = { "accept-language": acceptLanguage.slice(0, LONGEST_HEADER) };
  for (const range of new Negotiator({ headers }).languages()) {
    const found = lookUp(range.toLowerCase());
    if (found !== undefined) return found;
  }
  return DEFAULT_LANGUAGE;
}

function lookUp(range: string): string | undefined {
  for (let end = range.length; end > 0; end = range.lastIndexOf("-", end - 1)) {
    const found = TAGS.get(range.slice(0, end));
    if (found !== undefined) return found;
  }
  return undefined;
}
