import { cookieValues } from "../../bypass/cookie-header.ts";
import { acceptedRanges } from "../../engine/page/built-in-page.ts";
import { findLanguage } from "../../engine/page/find-language.ts";
import { ADMIN_LANGUAGES, type AdminLanguage, LANGUAGE_COOKIE } from "./languages.ts";
import { de } from "./texts/de.ts";
import { en } from "./texts/en.ts";
import { es } from "./texts/es.ts";
import { fr } from "./texts/fr.ts";
import type { SharedTexts } from "./texts.ts";
import { createWords, type Words } from "./words.ts";

const TEXTS: Readonly<Record<AdminLanguage, (words: Words) => SharedTexts>> = { de, en, es, fr };

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

export function sharedTexts(language: AdminLanguage): SharedTexts {
  return TEXTS[language](createWords(language));
}
