import type { Notice } from "../../state/site-record.ts";
import { findLanguage } from "../page/find-language.ts";

/** A site's own title and message. If empty, the built-in text is used. */
export interface TranslatedNotice {
  readonly title: string;
  readonly message: string;
  /** Language tag of the translation; `null` for a title without translation, and for the built-in one. */
  readonly titleLanguage: string | null;
  readonly messageLanguage: string | null;
}

/** Chosen translations by list of ranges: `policy.languagesFor` returns the same list for the same header. */
const chosen = new WeakMap<Notice["translations"], WeakMap<readonly string[], string | null>>();

/** Returns the tag of the translation for the first of these language ranges that has one, or `null`. */
export function translationFor({ translations }: Notice, ranges: readonly string[]): string | null {
  let byRanges = chosen.get(translations);
  if (byRanges === undefined) {
    byRanges = new WeakMap();
    chosen.set(translations, byRanges);
  }
  let tag = byRanges.get(ranges);
  if (tag === undefined) {
    tag = findTranslation(Object.keys(translations), ranges);
    byRanges.set(ranges, tag);
  }
  return tag;
}

function findTranslation(tags: readonly string[], ranges: readonly string[]): string | null {
  for (const range of ranges) {
    const tag = findLanguage(range, tags);
    if (tag !== null) return tag;
  }
  return null;
}

/** Returns a notice in the translation `tag`, with the original text where the translation is empty; for `null`, the original. */
export function noticeIn({ title, message, translations }: Notice, tag: string | null): TranslatedNotice {
  const translation = tag === null ? undefined : translations[tag];
  return {
    title: translation?.title || title,
    message: translation?.message || message,
    titleLanguage: translation?.title ? tag : null,
    messageLanguage: translation?.message ? tag : null,
  };
}
