import { html, type Markup } from "../engine/page/html.ts";
import { ERROR_HINTS, type ErrorCode } from "../errors.ts";
import type { Access, AdminRequest } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import type { AdminContext } from "./admin-context.ts";
import type { SiteView } from "./api-types.ts";
import { standingWarnings } from "./close-warnings.ts";
import { joinMarkup } from "./join-markup.ts";
import { listSites } from "./list-sites.ts";
import type { PageFiles } from "./page-files.ts";
import type { HeaderPair } from "./problem.ts";
import { headersFrom, PAGE_HEADERS } from "./security-headers.ts";
import { warningList } from "./warning-list.ts";

const PER_PAGE = 50;

const DONE: Readonly<Record<string, string>> = {
  "sign-in": "You are signed in.",
  "sign-out": "You are signed out.",
  close: "Closed.",
  open: "Opened.",
};

/** The page: what the script takes over, and what works without it. */
export async function answerPage(admin: AdminContext, asked: AdminRequest, files: PageFiles): Promise<Response> {
  const { searchParams } = new URL(asked.request.url);
  const identified = await admin.access.identify(asked);
  const known = identified.outcome === "known";
  const content = known
    ? sitesForm(admin, asked, identified.principal, searchParams)
    : signInForm(admin.access, identified.status === 401 ? null : identified.error.message);
  const kept = identified.headers.filter(([name]) => known || name.toLowerCase() !== "www-authenticate");
  const status = known || identified.status === 401 ? 200 : identified.status;
  return pageOf(html`${messageOf(searchParams)}${content}`, files, status, kept);
}

/** A whole page around `content`. */
export function pageOf(content: Markup, files: PageFiles, status: number, headers: readonly HeaderPair[]): Response {
  const type: HeaderPair = ["Content-Type", "text/html; charset=utf-8"];
  return new Response(document(content, files).text, { status, headers: headersFrom(PAGE_HEADERS, [type], headers) });
}

function document(content: Markup, { script, style }: PageFiles): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>Maintenance</title>
${style === "" ? null : html`<link rel="stylesheet" href="./${style}">`}
${script === "" ? null : html`<script type="module" src="./${script}"></script>`}
</head>
<body>
<div id="app">
<main>
<h1>Maintenance</h1>
${content}
</main>
</div>
</body>
</html>
`;
}

/** Only what the admin itself has to say: whoever makes a link to this page writes no text on it. */
function messageOf(query: URLSearchParams): Markup | null {
  const done = query.get("done") ?? "";
  if (Object.hasOwn(DONE, done)) return html`<p role="status">${DONE[done] ?? ""}</p>`;
  const refused = query.get("refused") ?? "";
  if (refused === "sign-in") return html`<p role="alert">That is not the password. Try again.</p>`;
  return isErrorCode(refused) ? html`<p role="alert">Refused (${refused}). ${ERROR_HINTS[refused]}</p>` : null;
}

function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_HINTS, value);
}

function signInForm({ ways, advice }: Access, message: string | null): Markup {
  const told = message === null ? null : html`<p role="alert">${message}</p>`;
  if (ways.password) {
    return html`${told}<form method="post" action="./sign-in">
<p><label for="password">Password</label> <input id="password" name="password" type="password" autocomplete="current-password" required></p>
<p><button>Sign in</button></p>
</form>`;
  }
  const how = ways.application
    ? "Sign in to the application first."
    : (advice ?? "Programs sign in here with a token; no password is set for people.");
  return html`${told}<p>${how}</p>`;
}

function sitesForm(admin: AdminContext, asked: AdminRequest, principal: Principal, query: URLSearchParams): Markup {
  const list = listSites(admin, principal, queryOf(query));
  const closed = list.sites.filter(({ mode }) => mode !== "open").map(({ id }) => id);
  const more = list.next === null ? null : html`<p><a href="./?${pageQuery(query, list.next)}">More sites</a></p>`;
  const signOut =
    principal.via === "session"
      ? html`<form method="post" action="./sign-out"><p><button>Sign out</button></p></form>`
      : null;
  return html`<p>Signed in as ${principal.name}. ${list.closed} of your sites ${list.closed === 1 ? "is" : "are"} not open.</p>
${warningList("Beware", standingWarnings(admin.gate, closed, asked.address))}
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
  return html`<tr><td>${box}<label for="site-${id}">${id === "*" ? "All sites" : id}</label></td><td>${mode}${end}</td><td>${inForce.mode}</td></tr>\n`;
}

function queryOf(query: URLSearchParams): Parameters<typeof listSites>[2] {
  return { search: query.get("search") || undefined, after: query.get("after") || undefined, limit: PER_PAGE };
}

function pageQuery(query: URLSearchParams, after: string): string {
  const search = query.get("search");
  return new URLSearchParams({ ...(search ? { search } : {}), after }).toString();
}
