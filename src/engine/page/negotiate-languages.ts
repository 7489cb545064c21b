import Negotiator from "negotiator";
import type { WantedLanguages } from "./context.ts";
import { findLanguage } from "./find-language.ts";
import { DEFAULT_LANGUAGE, LANGUAGES } from "./languages.ts";

// What people write reaches a tenth of this; what follows it is not worth a visitor's time.
const LONGEST_HEADER = 1_000;

/** The built-in language that an `Accept-Language` header prefers: that of the first range, best first, that has one. Default: `en`. */
export function negotiateLanguages(acceptLanguage: string): WantedLanguages {
  const headers = { "accept-language": acceptLanguage.slice(0, LONGEST_HEADER) };
  const ranges: string[] = [];
  for (const range of new Negotiator({ headers }).languages()) {
    ranges.push(range);
    const page = findLanguage(range, LANGUAGES);
    if (page !== null) return { page, ranges: [...ranges, page] };
  }
  return { page: DEFAULT_LANGUAGE, ranges: [...ranges, DEFAULT_LANGUAGE] };
}
