import { cookieValues } from "../../bypass/cookie-header.ts";
import { acceptedRanges } from "../../engine/page/built-in-page.ts";
import { findLanguage } from "../../engine/page/find-language.ts";
import { ADMIN_LANGUAGES, type AdminLanguage, LANGUAGE_COOKIE } from "./languages.ts";
import { en } from "./texts/en.ts";
import type { SharedTexts } from "./texts.ts";
import { createWords, type Words } from "./words.ts";

/** The texts of each language are a separate module, loaded on first use. */
const LOADERS: Readonly<Record<AdminLanguage, () => Promise<(words: Words) => SharedTexts>>> = {
  de: async () => (await import("./texts/de.ts")).de,
  en: async () => en,
  es: async () => (await import("./texts/es.ts")).es,
  fr: async () => (await import("./texts/fr.ts")).fr,
  it: async () => (await import("./texts/it.ts")).it,
  ja: async () => (await import("./texts/ja.ts")).ja,
  nl: async () => (await import("./texts/nl.ts")).nl,
  pl: async () => (await import("./texts/pl.ts")).pl,
  pt: async () => (await import("./texts/pt.ts")).pt,
  "zh-Hans": async () => (await import("./texts/zh-hans.ts")).zhHans,
};

/** The language that the operator has chosen, or else the one that the browser prefers; `en` when there is neither. */
export function languageOf({ headers }: Pick<Request, "headers">): AdminLanguage {
  const tags = Object.keys(ADMIN_LANGUAGES) as AdminLanguage[];
  const cookies = cookieValues(headers.get("cookie") ?? "", LANGUAGE_COOKIE);
  const chosen = tags.find((tag) => cookies.includes(tag));
  if (chosen !== undefined) return chosen;
  for (const range of acceptedRanges(headers.get("accept-language") ?? "")) {
    const found = findLanguage(range, tags);
    if (found !== null) return tags.find((tag) => tag === found) ?? "en";
  }
  return "en";
}

export async function sharedTexts(language: AdminLanguage): Promise<SharedTexts> {
  return (await LOADERS[language]())(createWords(language));
}
