import type { Notice } from "../state/site-record.ts";

/** A site's own title and message. Empty: the built-in one takes its place. */
export interface TranslatedNotice {
  readonly title: string;
  readonly message: string;
  /** The tag of the translation from which it is; `null`: it stands as it was written, or is the built-in one. */
  readonly titleLanguage: string | null;
  readonly messageLanguage: string | null;
}

/** The tag of the translation for the first of these language ranges that finds one by lookup (RFC 4647 section 3.4), or `null`. */
export function translationFor({ translations }: Notice, ranges: readonly string[]): string | null {
  const tags = Object.keys(translations);
  // So it is for most sites, at each request.
  if (tags.length === 0) return null;
  for (const range of ranges) {
    for (let end = range.length; end > 0; end = range.lastIndexOf("-", end - 1)) {
      const wanted = range.slice(0, end).toLowerCase();
      const tag = tags.find((candidate) => candidate.toLowerCase() === wanted);
      if (tag !== undefined) return tag;
    }
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
