import type { Notice } from "../../state/site-record.ts";
import { findLanguage } from "../page/find-language.ts";

/** A site's own title and message. Empty: the built-in one takes its place. */
export interface TranslatedNotice {
  readonly title: string;
  readonly message: string;
  /** The tag of the translation from which it is; `null`: it stands as it was written, or is the built-in one. */
  readonly titleLanguage: string | null;
  readonly messageLanguage: string | null;
}

/** The translations that were chosen, by the very list of ranges: `policy.languagesFor` gives the same list for the same header. */
const chosen = new WeakMap<Notice["translations"], WeakMap<readonly string[], string | null>>();

/** The tag of the translation for the first of these language ranges that has one, or `null`. */
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

/** A notice in the translation with this tag; what that leaves empty, and all of it for `null`, as it was written. */
export function noticeIn({ title, message, translations }: Notice, tag: string | null): TranslatedNotice {
  const translation = tag === null ? undefined : translations[tag];
  return {
    title: translation?.title || title,
    message: translation?.message || message,
    titleLanguage: translation?.title ? tag : null,
    messageLanguage: translation?.message ? tag : null,
  };
}
