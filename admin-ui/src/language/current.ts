import { type ReadonlySignal, signal } from "@preact/signals";
import type { AdminLanguage } from "../../../src/admin/page/languages.ts";
import { createWords, type Words } from "../../../src/admin/page/words.ts";
import { en, type Texts } from "../texts/en.ts";
import { createFormats, type Formats } from "./formats.ts";

interface Language {
  readonly tag: AdminLanguage;
  readonly texts: Texts;
  readonly formats: Formats;
}

const current = signal<Language>(languageWith("en", "en-GB", en));

/** The texts of the page. What reads them while it is rendered is rendered again when the operator chooses another language. */
export const t = (): Texts => current.value.texts;

export const formats = (): Formats => current.value.formats;

export const language: ReadonlySignal<Language> = current;

/** `locale`: BCP 47, the language as the reader's region writes it. */
export function setLanguage(tag: AdminLanguage, locale: string, texts: (words: Words) => Texts): void {
  current.value = languageWith(tag, locale, texts);
}

function languageWith(tag: AdminLanguage, locale: string, write: (words: Words) => Texts): Language {
  const texts = write(createWords(locale));
  return { tag, texts, formats: createFormats(locale, texts.time) };
}
