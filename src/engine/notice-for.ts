import type { Notice } from "../state/site-record.ts";

/**
 * A site's own title and message in one language: the translation for just that tag, else for its primary language (`pt` for
 * `pt-BR`; RFC 4647 section 3.4), else as they were written.
 */
export function noticeFor(notice: Notice, language: string): { readonly title: string; readonly message: string } {
  const wanted = language.toLowerCase();
  const tags = Object.keys(notice.translations);
  const tag =
    tags.find((candidate) => candidate.toLowerCase() === wanted) ??
    tags.find((candidate) => candidate.toLowerCase() === wanted.split("-")[0]);
  const translation = tag === undefined ? undefined : notice.translations[tag];
  return { title: translation?.title || notice.title, message: translation?.message || notice.message };
}
