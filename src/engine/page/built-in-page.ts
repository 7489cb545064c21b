import { pageContent } from "./content.ts";
import type { Page } from "./context.ts";
import { directionOf } from "./languages.ts";
import { negotiateLanguages } from "./negotiate-languages.ts";
import { renderPage } from "./render.ts";
import { renderText } from "./render-text.ts";

export const builtInPage: Page = {
  languagesFor: negotiateLanguages,
  directionOf,
  titleOf: (context) => pageContent(context).title,
  messageOf: (context) => pageContent(context).message,
  renderHtml: renderPage,
  renderText,
};
