import Negotiator from "negotiator";
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

/** The same as the page, for clients that take `text/plain` alone, and for what loads an image or a script. */
export function renderText(context: PageContext): string {
  const { texts, title, message, sent, end, url, contact } = pageContent(context);
  const paragraphs = [title, message];
  if (sent !== null) paragraphs.push(sent);
  if (end !== null) paragraphs.push(`${texts.expectedEnd}: ${end.day}, ${end.hour} UTC (${end.instant})`);
  if (url !== null) paragraphs.push(`${texts.moreInformation}: ${url}`);
  if (contact !== null) paragraphs.push(`${texts.contact}: ${contact.text}`);
  return `${paragraphs.join("\n\n")}\n`;
}

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
