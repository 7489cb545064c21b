import type { Page } from "../page-context.ts";
import { directionOf } from "./languages.ts";
import { negotiateLanguages } from "./negotiate-languages.ts";
import { pageContent } from "./page-content.ts";
import { renderPage } from "./render-page.ts";
import { renderText } from "./render-text.ts";

export const builtInPage: Page = {
  languagesFor: negotiateLanguages,
  directionOf,
  titleOf: (context) => pageContent(context).title,
  messageOf: (context) => pageContent(context).message,
  renderHtml: renderPage,
  renderText,
};
