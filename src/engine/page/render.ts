import { type PageContent, pageContent } from "./content.ts";
import type { PageContext, RenderedPage } from "./context.ts";
import { directionOfTag } from "./find-language.ts";
import { html, type Markup, trusted } from "./html.ts";
import { PAGE_SCRIPT } from "./script.ts";
import { PAGE_STYLE } from "./style.ts";

/** SHA-256 of the exact texts of the style and the script, as `Content-Security-Policy` lists them (CSP 3 section 2.3.1). A test recomputes them. */
export const STYLE_HASH = "sha256-9cuUKb/G6HCReckYSQ2HF6YK05c0snJWU0OBszVzRks=";
export const SCRIPT_HASH = "sha256-edc5IYQqY3nwfRu3VCxxd4TpwTlm7Fd5jQ6RFtOLiMA=";

/** `img-src` is for the logo and the empty icon, which stops browsers from requesting `/favicon.ico`; `connect-src` for the check whether the site is open. */
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

/** A longer message is placed below the end of the closure, which it would otherwise push off a small screen. */
const LONG_MESSAGE = { characters: 280, lines: 5 };

/** One shape per mode, so that modes can be distinguished without colour. */
const SHAPES: Readonly<Record<PageContext["mode"], Markup>> = {
  closed: trusted('<path d="M1 1h14v14H1z"/>'),
  paused: trusted('<path d="M2 1h4v14H2zm8 0h4v14h-4z"/>'),
  "read-only": trusted('<path d="M8 0a8 8 0 0 0 0 16A8 8 0 0 0 8 0m0 2a6 6 0 0 1 0 12z"/>'),
};

/** Renders the built-in page, one document without further requests, and its policy. Pure; never throws. */
export function renderPage(context: PageContext): RenderedPage {
  return { body: document(context, pageContent(context)).text, contentSecurityPolicy: POLICY };
}

/** Removes the whitespace from the style. */
export function compactStyle(style: string): string {
  return style
    .replace(/\s*([{};,])\s*/g, "$1")
    .replaceAll(": ", ":")
    .replaceAll(";}", "}");
}

/** Removes indentation from the script, and line breaks that do not end a statement. */
export function compactScript(script: string): string {
  return script
    .replace(/\n\s*/g, "\n")
    .replace(/([;{,(>])\n/g, "$1")
    .replace(/\n([})])/g, "$1");
}

function document(context: PageContext, content: PageContent): Markup {
  const { texts, word, title, message, sent } = content;
  const { name } = context;
  const isLong = message.length > LONG_MESSAGE.characters || message.split("\n").length > LONG_MESSAGE.lines;
  const said = html`<p class="message"${lang(context.messageLanguage)}>${message}</p>`;
  return html`<!doctype html>
<html lang="${context.language}" dir="${context.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}${name === "" ? null : ` · ${name}`}</title>
<link rel="icon" href="data:,">
${sent === null ? html`<noscript><meta http-equiv="refresh" content="60"></noscript>` : null}
<style>${trusted(compactStyle(PAGE_STYLE))}</style>
</head>
<body>
<main data-mode="${context.mode}" data-version="${context.version}" data-until="${content.end?.epoch ?? null}" data-soon="${texts.soon}"${sent === null ? null : html` data-open="${texts.open}"`}>
${owner(context)}
<p class="mode"><svg viewBox="0 0 16 16" aria-hidden="true">${SHAPES[context.mode]}</svg>${word}</p>
<h1${lang(context.titleLanguage)}>${title}</h1>
${
  sent === null
    ? null
    : html`<p class="sent">${sent}</p>
<p id="open" role="status"></p>
<p class="links act" id="back" hidden><button type="button">${texts.goBack}</button></p>`
}
${isLong ? end(content) : said}
${isLong ? said : end(content)}
${sent === null ? html`<p class="note act">${texts.returns}</p>` : null}
${links(content)}
${facts(content)}
</main>
<script>${trusted(compactScript(PAGE_SCRIPT))}</script>
</body>
</html>
`;
}

/** Returns the attributes of a part that may be in another language than the page (WCAG 2.2, 3.1.2). */
function lang(tag: string | null): Markup {
  return tag === null ? html` dir="auto"` : html` lang="${tag}" dir="${directionOfTag(tag)}"`;
}

/** Returns the owner: the logo with the name as its alternative text; the name; or the host, which the script knows. */
function owner({ name, logo }: PageContext): Markup {
  const image = logo === null ? null : html`<p class="owner"><img src="${logo}" alt="${name}"></p>`;
  if (name === "") return html`${image}<p class="owner" id="host" hidden></p>`;
  return image ?? html`<p class="owner"><bdi>${name}</bdi></p>`;
}

function end({ end, texts }: PageContent): Markup | null {
  if (end === null) return null;
  return html`<dl class="end">
<div><dt>${texts.expectedEnd}</dt><dd><time datetime="${end.instant}"><span class="figure" id="hour">${end.hour}</span> <span class="day" id="day">${end.day}</span> <span class="zone" id="zone">UTC</span></time></dd></div>
<div class="act" id="countdown" hidden><dt>${texts.timeLeft}</dt><dd class="figure" id="left"></dd></div>
</dl>`;
}

function links({ moreUrl, sent, texts }: PageContent): Markup | null {
  if (moreUrl === null && sent !== null) return null;
  return html`<p class="links">
${moreUrl === null ? null : html`<a class="more" href="${moreUrl}" rel="noreferrer">${texts.moreInformation}</a>`}
${sent === null ? html`<a class="act" href="">${texts.tryAgain}</a>` : null}
</p>`;
}

function facts({ since, updated, contact, texts }: PageContent): Markup | null {
  // If the closure has not changed since it began, one time is enough.
  const changed = updated?.instant === since?.instant ? null : updated;
  if (since === null && changed === null && contact === null) return null;
  return html`<dl class="facts">
${moment(texts.since, since)}
${moment(texts.updated, changed)}
${contact === null ? null : html`<div><dt>${texts.contact}</dt> <dd dir="auto">${contact.href === null ? contact.text : html`<a href="${contact.href}" rel="noreferrer">${contact.text}</a>`}</dd></div>`}
</dl>`;
}

function moment(label: string, at: PageContent["since"]): Markup | null {
  return at === null
    ? null
    : html`<div><dt>${label}</dt> <dd><time datetime="${at.instant}">${at.text}</time></dd></div>`;
}
