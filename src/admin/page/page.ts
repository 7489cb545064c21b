import { html, type Markup } from "../../engine/page/html.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Access, AdminRequest } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { AdminContext } from "../admin-context.ts";
import { sessionView } from "../api/session.ts";
import type { HeaderPair } from "../http/problem.ts";
import { headersFrom, PAGE_HEADERS } from "../http/security-headers.ts";
import type { SiteView } from "../schema/responses.ts";
import { standingWarnings } from "../views/close-warnings.ts";
import { listSites } from "../views/list-sites.ts";
import type { AdminLanguage } from "./languages.ts";
import type { PageFiles } from "./page-files.ts";
import { languageOf, sharedTexts } from "./page-language.ts";
import type { SharedTexts } from "./texts.ts";

const PER_PAGE = 50;

/** Data for the script, which need not request it: the session, or the ways to sign in. */
type Start =
  | { readonly state: "in"; readonly session: ReturnType<typeof sessionView> }
  | { readonly state: "out"; readonly ways: Access["ways"]; readonly advice: string | null };

export interface PageParts {
  readonly language: AdminLanguage;
  readonly heading: string;
  readonly content: Markup;
  /** Name of the installation. */
  readonly name: string;
  /** As narrow as a form of one field. */
  readonly isNarrow?: boolean;
  readonly start?: Start;
}

/** Answers with the page, which works without script and which the script replaces. */
export async function answerPage(admin: AdminContext, asked: AdminRequest, files: PageFiles): Promise<Response> {
  const { searchParams } = new URL(asked.request.url);
  const identified = await admin.access.identify(asked);
  const kept = identified.headers.filter(
    ([name]) => identified.outcome === "known" || name.toLowerCase() !== "www-authenticate",
  );
  const name = nameOf(admin, asked);
  const language = languageOf(asked.request);
  const texts = await sharedTexts(language);
  const said = messageOf(texts, searchParams);
  if (identified.outcome === "known") {
    const { principal } = identified;
    const content = html`${said}${await sitesForm(admin, asked, principal, searchParams, texts)}`;
    const start = { state: "in", session: sessionView(admin, asked, principal) } as const;
    return pageOf({ language, heading: texts.sites, content, name, start }, files, 200, kept);
  }
  const { ways, advice } = admin.access;
  const isOut = identified.status === 401;
  const content = html`<p class="quiet">${name}</p>${said}${signInForm(admin.access, isOut ? null : identified.error.message, texts)}`;
  const start = isOut ? { start: { state: "out", ways, advice } as const } : {};
  const parts = { language, heading: texts.signIn, content, name, isNarrow: true, ...start };
  return pageOf(parts, files, isOut ? 200 : identified.status, kept);
}

/** Returns the name of the installation, or its host. */
export function nameOf({ name }: AdminContext, { request }: AdminRequest): string {
  return name ?? new URL(request.url).host;
}

/** A whole page. */
export function pageOf(parts: PageParts, files: PageFiles, status: number, headers: readonly HeaderPair[]): Response {
  const type: HeaderPair = ["Content-Type", "text/html; charset=utf-8"];
  return new Response(document(parts, files).text, { status, headers: headersFrom(PAGE_HEADERS, [type], headers) });
}

/** Of the same classes as the script's own page: where that takes over, nothing moves. */
function document(parts: PageParts, { script, style, languages }: PageFiles): Markup {
  const { language, heading, content, name, isNarrow = false, start } = parts;
  const texts = languages[language];
  const data = start === undefined ? null : html`<meta name="admin-start" content="${JSON.stringify(start)}">`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="application-name" content="${name}">
${data}
<link rel="icon" href="data:,">
<title>${heading} · ${name}</title>
${style === "" ? null : html`<link rel="stylesheet" href="./${style}">`}
${script === "" ? null : html`<script type="module" src="./${script}"></script>`}
${script === "" || texts === undefined ? null : html`<link rel="modulepreload" href="./${texts}">`}
</head>
<body>
<div id="app">
<main id="main">
<div class="${isNarrow ? "narrow" : "plain-page"}">
<h1>${heading}</h1>
${content}
</div>
</main>
</div>
</body>
</html>
`;
}

/** Returns one of the admin's own messages; never text from the URL, which a link could forge. */
function messageOf(texts: SharedTexts, query: URLSearchParams): Markup | null {
  const { plain } = texts;
  const done = new Map([
    ["sign-in", plain.signedIn],
    ["sign-out", texts.signedOut],
    ["close", plain.closed],
    ["open", plain.opened],
  ]).get(query.get("done") ?? "");
  if (done !== undefined) return html`<p role="status">${done}</p>`;
  const refused = query.get("refused") ?? "";
  if (refused === "") return null;
  return html`<p role="alert" class="error">${refusalText(texts, refused, query.get("wait") ?? "")}</p>`;
}

/** `wait`: seconds, as the form's answer has put them into the address. */
function refusalText({ refused, wrongPassword, plain }: SharedTexts, code: string, wait: string): string {
  if (code === "sign-in") return wrongPassword;
  if (code === "ERR_INVALID_REQUEST") return plain.invalidForm;
  if (code === "ERR_TOO_MANY_REQUESTS" && /^\d{1,5}$/.test(wait))
    return plain.tooManyAttempts(Math.ceil(Number(wait) / 60));
  return Object.entries(refused).find(([known]) => known === code)?.[1] ?? plain.refused;
}

/** `message` and the advice are the server's own words, which are English. */
function signInForm({ ways, advice }: Access, message: string | null, texts: SharedTexts): Markup {
  const error = message === null ? null : html`<p role="alert" class="error" lang="en">${message}</p>`;
  if (ways.password) {
    return html`${error}<form class="stack" method="post" action="./sign-in">
<div class="field"><label for="password">${texts.password}</label><input id="password" name="password" type="password" autocomplete="current-password" required></div>
<div class="actions"><button class="primary">${texts.signIn}</button></div>
</form>`;
  }
  if (ways.application) return html`${error}<p>${texts.applicationOnly}</p>`;
  return html`${error}${advice === null ? html`<p>${texts.plain.tokensOnly}</p>` : html`<p lang="en">${advice}</p>`}`;
}

async function sitesForm(
  admin: AdminContext,
  asked: AdminRequest,
  principal: Principal,
  query: URLSearchParams,
  texts: SharedTexts,
): Promise<Markup> {
  const { plain } = texts;
  const list = await listSites(admin, principal, queryOf(query));
  const closed = list.sites.filter(({ mode }) => mode !== "open").map(({ id }) => id);
  const more =
    list.next === null ? null : html`<p><a href="./?${pageQuery(query, list.next)}">${plain.moreSites}</a></p>`;
  const signOut =
    principal.via === "session"
      ? html`<form method="post" action="./sign-out"><p><button>${texts.signOut}</button></p></form>`
      : null;
  return html`<p>${nameOf(admin, asked)}. ${plain.signedInAs(principal.name)} ${plain.notOpen(list.closed)}</p>
${warningList(plain.warning, standingWarnings(admin.gate, closed, asked.address))}
<form method="get" action="./"><p><label for="search">${texts.search}</label> <input id="search" name="search" type="search" value="${query.get("search") ?? ""}"> <button>${texts.search}</button></p></form>
<form method="post" action="./close">
<table>
<thead><tr><th scope="col">${plain.site}</th><th scope="col">${plain.ownSwitch}</th><th scope="col">${plain.inForce}</th></tr></thead>
<tbody>${joinMarkup(list.sites.map((site) => siteRow(site, texts)))}</tbody>
</table>
<p><label for="message">${texts.messageForVisitors}</label> <input id="message" name="message" maxlength="2000"></p>
<p><label for="reason">${plain.reason}</label> <input id="reason" name="reason" maxlength="500"></p>
<p><button formaction="./close">${plain.closeSelected}</button> <button formaction="./open">${plain.openSelected}</button></p>
</form>
${more}${signOut}`;
}

function siteRow({ id, mode, until, inForce, may }: SiteView, { allSites, modes, plain }: SharedTexts): Markup {
  const box = may.includes("switch") ? html`<input type="checkbox" name="site" id="site-${id}" value="${id}"> ` : null;
  const own = until === null ? modes[mode] : plain.until({ mode: modes[mode], end: until });
  const met = modes[inForce.mode];
  const part = inForce.only.length === 0 ? met : plain.only({ mode: met, paths: inForce.only.join(", ") });
  return html`<tr><td>${box}<label for="site-${id}">${id === ALL_SITES ? allSites : id}</label></td><td>${own}</td><td>${part}</td></tr>\n`;
}

function queryOf(query: URLSearchParams): Parameters<typeof listSites>[2] {
  return { search: query.get("search") || undefined, after: query.get("after") || undefined, limit: PER_PAGE };
}

function pageQuery(query: URLSearchParams, after: string): string {
  const search = query.get("search");
  return new URLSearchParams({ ...(search ? { search } : {}), after }).toString();
}

export function joinMarkup(items: readonly Markup[]): Markup {
  return items.reduce((all, item) => html`${all}${item}`, html``);
}

/** `null` without warnings, which are English. */
export function warningList(heading: string, warnings: readonly string[]): Markup | null {
  if (warnings.length === 0) return null;
  return html`<h2>${heading}</h2>\n<ul>${joinMarkup(warnings.map((warning) => html`<li lang="en">${warning}</li>`))}</ul>`;
}
