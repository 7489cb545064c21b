import type { Page } from "../page-context.ts";
import { directionOf } from "./languages.ts";
import { negotiateLanguage } from "./negotiate-language.ts";
import { pageContent } from "./page-content.ts";
import { renderPage } from "./render-page.ts";
import { renderText } from "./render-text.ts";

export const builtInPage: Page = {
  languageFor: negotiateLanguage,
  directionOf,
  titleOf: (context) => pageContent(context).title,
  messageOf: (context) => pageContent(context).message,
  renderHtml: renderPage,
  renderText,
};
