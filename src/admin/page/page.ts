import { html, type Markup } from "../../engine/page/html.ts";
import type { ErrorCode } from "../../errors.ts";
import type { Access, AdminRequest } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { AdminContext } from "../admin-context.ts";
import { sessionView } from "../api/session.ts";
import type { HeaderPair } from "../http/problem.ts";
import { headersFrom, PAGE_HEADERS } from "../http/security-headers.ts";
import type { SiteView } from "../schema/types.ts";
import { standingWarnings } from "../views/close-warnings.ts";
import { listSites } from "../views/list-sites.ts";
import type { PageFiles } from "./page-files.ts";

const PER_PAGE = 50;

const DONE: Readonly<Record<string, string>> = {
  "sign-in": "You are signed in.",
  "sign-out": "You are signed out.",
  close: "Closed.",
  open: "Opened.",
};

/** What the page says of a refusal, in place of the hint that programs get. */
const REFUSED: Partial<Record<ErrorCode | "sign-in", string>> = {
  "sign-in": "That is not the password. Try again.",
  ERR_UNAUTHENTICATED: "Your session has ended. Sign in again.",
  ERR_FORBIDDEN: "You may not do this. Ask the person who runs this admin for the right.",
  ERR_INVALID_REQUEST: "Something in the form is missing or too long. Nothing was changed.",
  ERR_UNKNOWN_SITE: "There is no such site any more. Nothing was changed.",
  ERR_CONFLICT: "This was changed by another person meanwhile. Look at it again, then repeat your change.",
  ERR_OVERRIDDEN: "An override is set on the server: no switch has any effect until it is removed there.",
  ERR_TOO_MANY_REQUESTS: "Too many tries came from here.",
  ERR_STORE_UNAVAILABLE: "The store did not answer: the change may or may not be made. Look again in a moment.",
};

/** What the script reads in place of asking: who is signed in, or how to sign in. */
type Start =
  | { readonly state: "in"; readonly session: ReturnType<typeof sessionView> }
  | { readonly state: "out"; readonly ways: Access["ways"]; readonly advice: string | null };

export interface PageParts {
  readonly heading: string;
  readonly content: Markup;
  /** Which installation this is. */
  readonly name: string;
  readonly start?: Start;
}

/** The page: what the script takes over, and what works without it. */
export async function answerPage(admin: AdminContext, asked: AdminRequest, files: PageFiles): Promise<Response> {
  const { searchParams } = new URL(asked.request.url);
  const identified = await admin.access.identify(asked);
  const kept = identified.headers.filter(
    ([name]) => identified.outcome === "known" || name.toLowerCase() !== "www-authenticate",
  );
  const name = nameOf(admin, asked);
  const said = messageOf(searchParams);
  if (identified.outcome === "known") {
    const { principal } = identified;
    const content = html`${said}${await sitesForm(admin, asked, principal, searchParams)}`;
    const start = { state: "in", session: sessionView(admin, asked, principal) } as const;
    return pageOf({ heading: "Sites", content, name, start }, files, 200, kept);
  }
  const { ways, advice } = admin.access;
  const isOut = identified.status === 401;
  const content = html`<p class="quiet">${name}</p>${said}${signInForm(admin.access, isOut ? null : identified.error.message)}`;
  const start = isOut ? { start: { state: "out", ways, advice } as const } : {};
  return pageOf({ heading: "Sign in", content, name, ...start }, files, isOut ? 200 : identified.status, kept);
}

/** Which installation this is: what the operators call it, or its host. */
export function nameOf({ name }: AdminContext, { request }: AdminRequest): string {
  return name ?? new URL(request.url).host;
}

/** A whole page. */
export function pageOf(parts: PageParts, files: PageFiles, status: number, headers: readonly HeaderPair[]): Response {
  const type: HeaderPair = ["Content-Type", "text/html; charset=utf-8"];
  return new Response(document(parts, files).text, { status, headers: headersFrom(PAGE_HEADERS, [type], headers) });
}

/** Of the same classes as the script's own page: where that takes over, nothing moves. */
function document({ heading, content, name, start }: PageParts, { script, style }: PageFiles): Markup {
  const data = start === undefined ? null : html`<meta name="admin-start" content="${JSON.stringify(start)}">`;
  return html`<!doctype html>
<html lang="en">
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
</head>
<body>
<div id="app">
<main id="main">
<div class="${heading === "Sign in" ? "narrow" : "plain-page"}">
<h1>${heading}</h1>
${content}
</div>
</main>
</div>
</body>
</html>
`;
}

/** Only the admin's own sentences: a link to this page must not put text on it. */
function messageOf(query: URLSearchParams): Markup | null {
  const done = query.get("done") ?? "";
  if (Object.hasOwn(DONE, done)) return html`<p role="status">${DONE[done] ?? ""}</p>`;
  const refused = query.get("refused") ?? "";
  if (refused === "") return null;
  const words = Object.entries(REFUSED).find(([code]) => code === refused)?.[1];
  const text = words ?? "That was refused, and nothing was changed. The server's log says why.";
  return html`<p role="alert" class="error">${text}${waitWords(query.get("wait"))}</p>`;
}

/** Of seconds, as the form's answer has put them into the address. */
function waitWords(seconds: string | null): string {
  if (seconds === null || !/^\d{1,5}$/.test(seconds)) return "";
  const minutes = Math.ceil(Number(seconds) / 60);
  return ` You can try again in ${minutes <= 1 ? "a minute" : `${minutes} minutes`}.`;
}

function signInForm({ ways, advice }: Access, message: string | null): Markup {
  const error = message === null ? null : html`<p role="alert" class="error">${message}</p>`;
  if (ways.password) {
    return html`${error}<form class="stack" method="post" action="./sign-in">
<div class="field"><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required></div>
<div class="actions"><button class="primary">Sign in</button></div>
</form>`;
  }
  const how = ways.application
    ? "Sign in to the application first."
    : (advice ?? "Programs sign in here with a token; no password is set for people.");
  return html`${error}<p>${how}</p>`;
}

async function sitesForm(
  admin: AdminContext,
  asked: AdminRequest,
  principal: Principal,
  query: URLSearchParams,
): Promise<Markup> {
  const list = await listSites(admin, principal, queryOf(query));
  const closed = list.sites.filter(({ mode }) => mode !== "open").map(({ id }) => id);
  const more = list.next === null ? null : html`<p><a href="./?${pageQuery(query, list.next)}">More sites</a></p>`;
  const signOut =
    principal.via === "session"
      ? html`<form method="post" action="./sign-out"><p><button>Sign out</button></p></form>`
      : null;
  return html`<p>${nameOf(admin, asked)}. Signed in as ${principal.name}. ${list.closed} of your sites ${list.closed === 1 ? "is" : "are"} not open.</p>
${warningList("Warning", standingWarnings(admin.gate, closed, asked.address))}
<form method="get" action="./"><p><label for="search">Search</label> <input id="search" name="search" type="search" value="${query.get("search") ?? ""}"> <button>Search</button></p></form>
<form method="post" action="./close">
<table>
<thead><tr><th scope="col">Site</th><th scope="col">Its own switch</th><th scope="col">What visitors meet</th></tr></thead>
<tbody>${joinMarkup(list.sites.map(siteRow))}</tbody>
</table>
<p><label for="message">What visitors read</label> <input id="message" name="message" maxlength="2000"></p>
<p><label for="reason">Why, for the history</label> <input id="reason" name="reason" maxlength="500"></p>
<p><button formaction="./close">Close the chosen sites</button> <button formaction="./open">Open the chosen sites</button></p>
</form>
${more}${signOut}`;
}

function siteRow({ id, mode, until, inForce, may }: SiteView): Markup {
  const box = may.includes("switch") ? html`<input type="checkbox" name="site" id="site-${id}" value="${id}"> ` : null;
  const end = until === null ? "" : ` until ${until}`;
  const part = inForce.only.length === 0 ? "" : `, only ${inForce.only.join(", ")}`;
  return html`<tr><td>${box}<label for="site-${id}">${id === "*" ? "All sites" : id}</label></td><td>${mode}${end}</td><td>${inForce.mode}${part}</td></tr>\n`;
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

/** `null` without warnings. */
export function warningList(heading: string, warnings: readonly string[]): Markup | null {
  if (warnings.length === 0) return null;
  return html`<h2>${heading}</h2>\n<ul>${joinMarkup(warnings.map((warning) => html`<li>${warning}</li>`))}</ul>`;
}
