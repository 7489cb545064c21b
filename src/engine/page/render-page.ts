import { directionOfTag } from "../find-language.ts";
import type { PageContext, RenderedPage } from "../page-context.ts";
import { html, type Markup, trusted } from "./html.ts";
import { type PageContent, pageContent } from "./page-content.ts";
import { SCRIPT_HASH, STYLE_HASH } from "./page-hashes.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** `img-src` is for the empty icon, which keeps browsers from asking for `/favicon.ico`; `connect-src` for the return. */
const POLICY = [
  "default-src 'none'",
  `style-src '${STYLE_HASH}'`,
  `script-src '${SCRIPT_HASH}'`,
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** One shape for each mode, so that it can be told without colour. */
const SHAPES: Readonly<Record<PageContext["mode"], Markup>> = {
  closed: trusted('<path d="M1 1h14v14H1z"/>'),
  paused: trusted('<path d="M2 1h4v14H2zm8 0h4v14h-4z"/>'),
  "read-only": trusted('<path d="M8 0a8 8 0 0 0 0 16A8 8 0 0 0 8 0m0 2a6 6 0 0 1 0 12z"/>'),
};

/** The built-in page: one document that asks for nothing, and the policy under which it works. Pure; never throws. */
export function renderPage(context: PageContext): RenderedPage {
  return { body: document(context, pageContent(context)).text, contentSecurityPolicy: POLICY };
}

function document(context: PageContext, content: PageContent): Markup {
  const { texts, word, title, message } = content;
  const readOnly = context.mode === "read-only";
  return html`<!doctype html>
<html lang="${context.language}" dir="${context.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
${readOnly ? null : html`<noscript><meta http-equiv="refresh" content="60"></noscript>`}
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
<main data-mode="${context.mode}" data-version="${context.version}" data-until="${content.end?.epoch ?? null}" data-soon="${texts.soon}">
<p class="mode"><svg viewBox="0 0 16 16" aria-hidden="true">${SHAPES[context.mode]}</svg>${word}</p>
<h1${lang(context.titleLanguage)}>${title}</h1>
<p class="message"${lang(context.messageLanguage)}>${message}</p>
${readOnly ? html`<p class="message">${texts.unsaved}</p>` : null}
${end(content)}
${readOnly ? null : html`<p class="note">${texts.returns}</p>`}
<p class="links">
${readOnly ? html`<button type="button" id="back" hidden>${texts.goBack}</button>` : null}
${content.url === null ? null : html`<a href="${content.url}" rel="noreferrer">${texts.moreInformation}</a>`}
${readOnly ? null : html`<a href="">${texts.tryAgain}</a>`}
</p>
</main>
<script>${trusted(PAGE_SCRIPT)}</script>
</body>
</html>
`;
}

/** Of a part that may be in another language than the page (WCAG 2.2, 3.1.2). */
function lang(tag: string | null): Markup {
  return tag === null ? html` dir="auto"` : html` lang="${tag}" dir="${directionOfTag(tag)}"`;
}

function end({ end, texts }: PageContent): Markup | null {
  if (end === null) return null;
  return html`<dl>
<div><dt>${texts.expectedEnd}</dt><dd><time datetime="${end.instant}"><span class="figure" id="hour">${end.hour}</span> <span class="day" id="day">${end.day}</span> <span class="zone" id="zone">UTC</span></time></dd></div>
<div id="countdown" hidden><dt>${texts.timeLeft}</dt><dd class="figure" id="left"></dd></div>
</dl>`;
}
