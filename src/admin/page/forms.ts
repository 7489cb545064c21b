import { HeldError, type HeldView } from "../../control/barrier/held.ts";
import { isAbandoned } from "../../control/barrier/is-abandoned.ts";
import { html, type Markup } from "../../engine/page/html.ts";
import { formatInstant } from "../../state/instant.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { AdminRequest } from "../access/access.ts";
import type { AdminContext, Seen } from "../admin-context.ts";
import { logRefusal } from "../admin-log.ts";
import type { Route } from "../api/route.ts";
import { signIn, signOut } from "../api/session.ts";
import { CLOSE_ROUTE, OPEN_ROUTE } from "../api/switching.ts";
import { badRequest, type HeaderPair, refusalOf, toRefusal } from "../http/problem.ts";
import { readForm } from "../http/read-body.ts";
import { COMMON_HEADERS, headersFrom } from "../http/security-headers.ts";
import { validateInput } from "../http/validate-input.ts";
import { passwordBody } from "../schema/requests.ts";
import type { ChangeResult } from "../schema/responses.ts";
import { visibleHolds } from "../views/visible-holds.ts";
import { joinMarkup, nameOf, pageOf, warningList } from "./page.ts";
import type { PageFiles } from "./page-files.ts";
import { languageOf, sharedTexts } from "./page-language.ts";
import type { SharedTexts } from "./texts.ts";

interface Sent {
  readonly admin: AdminContext;
  readonly asked: AdminRequest;
  readonly fields: URLSearchParams;
  readonly seen: Seen;
  readonly files: PageFiles;
}

/** The actions of the page without script, by path. Each returns headers for the answer, or a page that asks for confirmation. */
const FORMS: ReadonlyMap<string, (sent: Sent) => Promise<readonly HeaderPair[] | Response>> = new Map([
  ["/sign-in", submitPassword],
  ["/sign-out", ({ admin, asked }: Sent) => signOut(admin, asked)],
  ["/close", close],
  ["/open", open],
]);

export function isForm(path: string): boolean {
  return FORMS.has(path);
}

/** Does what a form asks for, and redirects the browser to the page, which shows the result. */
export async function answerForm(
  admin: AdminContext,
  asked: AdminRequest,
  path: string,
  seen: Seen,
  files: PageFiles,
): Promise<Response> {
  const send = FORMS.get(path);
  if (send === undefined) throw badRequest(404, "There is no such form.");
  try {
    const answer = await send({ admin, asked, fields: await readForm(admin, asked), seen, files });
    return answer instanceof Response ? answer : back(`done=${path.slice(1)}`, answer);
  } catch (thrown) {
    const refusal = toRefusal(thrown);
    logRefusal(admin.log, seen.principal, asked, refusal);
    const { code } = refusal.error;
    const wrong = path === "/sign-in" && code === "ERR_UNAUTHENTICATED";
    const headers = refusal.options.headers ?? [];
    const wait = headers.find(([name]) => name === "Retry-After")?.[1];
    return back(`refused=${wrong ? "sign-in" : code}${wait === undefined ? "" : `&wait=${wait}`}`, headers);
  }
}

/** Redirects to the page by GET (RFC 9110 section 15.4.4). */
function back(query: string, headers: readonly HeaderPair[]): Response {
  const kept = headers.filter(([name]) => /^(?:set-cookie|clear-site-data)$/i.test(name));
  return new Response(null, { status: 303, headers: headersFrom(COMMON_HEADERS, [["Location", `./?${query}`]], kept) });
}

async function submitPassword({ admin, asked, fields }: Sent): Promise<readonly HeaderPair[]> {
  const { password } = validateInput(passwordBody, { password: fields.get("password") ?? "" }, "body");
  return (await signIn(admin, asked, password)).headers;
}

/** Shows the warnings for confirmation first, then closes. */
async function close(sent: Sent): Promise<readonly HeaderPair[] | Response> {
  const { admin, asked, fields, files } = sent;
  const dryRun = !fields.has("sure");
  const message = fields.get("message");
  const body = { ...switchBody(fields), ...(message && { message }), dryRun };
  const { headers, warnings } = await submit(sent, CLOSE_ROUTE, body);
  if (!dryRun) return headers;
  const language = languageOf(asked.request);
  const texts = await sharedTexts(language);
  const content = closureForm(body, warnings, texts);
  const parts = { language, heading: texts.sites, content, name: nameOf(admin, asked) };
  // The script would replace the whole page.
  return pageOf(parts, { ...files, script: "" }, 200, headers);
}

/** Asks a second time before it opens a site that a running command holds. */
async function open(sent: Sent): Promise<readonly HeaderPair[] | Response> {
  const { admin, asked, fields, files, seen } = sent;
  const body = { ...switchBody(fields), ...(fields.has("anyway") && { anyway: true }) };
  try {
    return (await submit(sent, OPEN_ROUTE, body)).headers;
  } catch (error) {
    if (!(error instanceof HeldError) || seen.principal === null) throw error;
    const language = languageOf(asked.request);
    const texts = await sharedTexts(language);
    const content = heldForm(body, visibleHolds(seen.principal, error.held), texts, admin.now());
    const parts = { language, heading: texts.sites, content, name: nameOf(admin, asked) };
    return pageOf(parts, { ...files, script: "" }, 200, []);
  }
}

/** The confirmation before a running command loses the closure that it needs, without script. */
function heldForm(
  { sites, reason = "" }: Pick<AskedClosure, "sites" | "reason">,
  held: readonly HeldView[],
  { beforeYouContinue, held: texts, cancel }: SharedTexts,
  now: number,
): Markup {
  const notes = held.map((one) => {
    const { label, host, pid, since, quiet } = one;
    const who = label === "" ? texts.command : `${label} (${host}, pid ${pid})`;
    const silent = isAbandoned(one) ? ` ${texts.silent(formatInstant(now - quiet))}` : "";
    return html`<p>${one.sites.join(", ")}: ${texts.by({ who, since: since || "?" })}${silent}</p>\n`;
  });
  return html`<h2>${beforeYouContinue}</h2>
${joinMarkup(notes)}<p>${texts.stops}</p>
<form method="post" action="./open">
${joinMarkup(sites.map((site) => hidden("site", site)))}${hidden("reason", reason)}
<p><button name="anyway" value="yes">${texts.anyway}</button> <a href="./">${cancel}</a></p>
</form>`;
}

function switchBody(fields: URLSearchParams) {
  return { sites: [...new Set(fields.getAll("site"))], reason: fields.get("reason") || undefined };
}

/** Runs a route of the API with `body`. */
async function submit({ admin, asked, seen }: Sent, route: Route<ChangeResult>, body: object) {
  const identified = await admin.access.identify(asked);
  if (identified.outcome === "refused") throw refusalOf(identified);
  const { principal, headers } = identified;
  seen.principal = principal;
  const answer = await route.run(admin, asked, principal, { site: "", id: "" }, body);
  return { headers, warnings: "response" in answer ? [] : (answer.body?.warnings ?? []) };
}

interface AskedClosure {
  readonly sites: readonly string[];
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
}

/** The confirmation before sites are closed, without script. */
function closureForm(
  { sites, message = "", reason = "" }: AskedClosure,
  warnings: readonly string[],
  texts: SharedTexts,
): Markup {
  const [first = ""] = sites;
  const target = sites.includes(ALL_SITES) ? ALL_SITES : sites.length === 1 ? first : sites.length;
  const { willRead, willReadBuiltIn, untilOpened } = texts.plain;
  return html`<h2>${texts.askClose(target)}</h2>
${sites.length > 1 ? html`<p>${sites.join(", ")}</p>` : null}
<p>${message === "" ? willReadBuiltIn : willRead(message)} ${untilOpened}</p>
${warningList(texts.beforeYouContinue, warnings)}
<form method="post" action="./close">
${joinMarkup(sites.map((site) => hidden("site", site)))}${hidden("message", message)}${hidden("reason", reason)}
<p><button name="sure" value="yes">${texts.close(target)}</button> <a href="./">${texts.cancel}</a></p>
</form>`;
}

function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}
