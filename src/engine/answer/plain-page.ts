import type { Page, PageContext } from "../page/context.ts";
import { escapeHtml } from "../page/html.ts";

const TITLES: Readonly<Record<PageContext["mode"], string>> = {
  closed: "Closed for maintenance",
  "read-only": "Read-only for maintenance",
  paused: "Paused for maintenance",
};

/** The page if the built-in one cannot be loaded: in English, without style or any dependency. */
export const plainPage: Page = {
  languagesFor: () => ({ page: "en", ranges: ["en"] }),
  directionOf: () => "ltr",
  titleOf: (context) => context.title || TITLES[context.mode],
  messageOf: (context) => context.message,
  renderHtml(context) {
    const title = escapeHtml(plainPage.titleOf(context));
    const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${escapeHtml(context.message)}</p></html>`;
    return { body, contentSecurityPolicy: "default-src 'none'" };
  },
  renderText: (context) => [plainPage.titleOf(context), context.message].filter(Boolean).join("\n\n"),
};
