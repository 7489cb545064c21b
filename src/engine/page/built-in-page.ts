/// <reference path="../negotiator.d.ts" />
import preferredLanguages from "negotiator/lib/language.js";
import { pageContent } from "./content.ts";
import type { Page, PageContext, WantedLanguages } from "./context.ts";
import { findLanguage } from "./find-language.ts";
import { DEFAULT_LANGUAGE, directionOf, LANGUAGES } from "./languages.ts";
import { renderPage } from "./render.ts";

export const builtInPage: Page = {
  languagesFor: negotiateLanguages,
  directionOf,
  titleOf: (context) => pageContent(context).title,
  messageOf: (context) => pageContent(context).message,
  renderHtml: renderPage,
  renderText,
};

/** Returns the page as text, for clients that accept `text/plain` only, and for requests for an image or a script. */
export function renderText(context: PageContext): string {
  const { texts, title, message, sent, end, moreUrl, contact } = pageContent(context);
  const paragraphs = [title, message];
  if (sent !== null) paragraphs.push(sent);
  if (end !== null) paragraphs.push(`${texts.expectedEnd}: ${end.day}, ${end.hour} UTC (${end.instant})`);
  if (moreUrl !== null) paragraphs.push(`${texts.moreInformation}: ${moreUrl}`);
  if (contact !== null) paragraphs.push(`${texts.contact}: ${contact.text}`);
  return `${paragraphs.join("\n\n")}\n`;
}

/** Number of characters of `Accept-Language` that are read: real headers reach a tenth of this. */
const MAX_HEADER_LENGTH = 1_000;

/** The language ranges of an `Accept-Language` header (RFC 9110 section 12.5.4), the preferred first. */
export function acceptedRanges(acceptLanguage: string): readonly string[] {
  return preferredLanguages(acceptLanguage.slice(0, MAX_HEADER_LENGTH));
}

/** Returns the built-in language that `acceptLanguage` prefers; `en` when no range has one. */
export function negotiateLanguages(acceptLanguage: string): WantedLanguages {
  const ranges: string[] = [];
  for (const range of acceptedRanges(acceptLanguage)) {
    ranges.push(range);
    const page = findLanguage(range, LANGUAGES);
    if (page !== null) return { page, ranges: [...ranges, page] };
  }
  return { page: DEFAULT_LANGUAGE, ranges: [...ranges, DEFAULT_LANGUAGE] };
}
