import type { AdminRequest } from "./access/access.ts";
import type { AdminContext, Seen } from "./admin-context.ts";
import { logChange, logRefusal } from "./admin-log.ts";
import { badRequest, type HeaderPair, toRefusal } from "./problem.ts";
import { LONGEST_BODY_TIME, readBody } from "./read-body.ts";
import { refusalOf } from "./refusal-of.ts";
import { closeBody, openBody, passwordBody } from "./request-schemas.ts";
import { actorOf, requireRight } from "./route.ts";
import { signIn, signOut } from "./routes/session.ts";
import { switchSites } from "./routes/switching.ts";
import { COMMON_HEADERS, headersFrom } from "./security-headers.ts";
import { validateInput } from "./validate-input.ts";

const FORM = "application/x-www-form-urlencoded";

const LARGEST_FORM = 65_536;

type Send = (
  admin: AdminContext,
  asked: AdminRequest,
  fields: URLSearchParams,
  seen: Seen,
) => Promise<readonly HeaderPair[]>;

/** What the page can do without script, by path. Each returns what to send along. */
const FORMS: ReadonlyMap<string, Send> = new Map<string, Send>([
  ["/sign-in", submitPassword],
  ["/sign-out", signOut],
  ["/close", (...given) => change("close", ...given)],
  ["/open", (...given) => change("open", ...given)],
]);

export function isForm(path: string): boolean {
  return FORMS.has(path);
}

/** Does what a form asks, and sends the browser back to the page, which says what came of it. */
export async function answerForm(
  admin: AdminContext,
  asked: AdminRequest,
  path: string,
  seen: Seen,
): Promise<Response> {
  const send = FORMS.get(path);
  if (send === undefined) throw badRequest(404, "There is no such form.");
  try {
    const limits = { most: LARGEST_FORM, within: LONGEST_BODY_TIME, clock: admin.gate.options.clock };
    const fields = new URLSearchParams(await readBody(asked.request, FORM, limits));
    return back(`done=${path.slice(1)}`, await send(admin, asked, fields, seen));
  } catch (thrown) {
    const refusal = toRefusal(thrown);
    logRefusal(admin.gate.options.logger, seen.principal, asked, refusal);
    return back(`refused=${refusal.error.code}`, refusal.options.headers ?? []);
  }
}

/** RFC 9110 section 15.4.4: to the page, by GET. */
function back(query: string, headers: readonly HeaderPair[]): Response {
  const kept = headers.filter(([name]) => name.toLowerCase() === "set-cookie");
  return new Response(null, { status: 303, headers: headersFrom(COMMON_HEADERS, [["Location", `./?${query}`]], kept) });
}

async function submitPassword(
  admin: AdminContext,
  asked: AdminRequest,
  fields: URLSearchParams,
): Promise<readonly HeaderPair[]> {
  const { password } = validateInput(passwordBody, { password: fields.get("password") ?? "" }, "body");
  return (await signIn(admin, asked, password)).headers;
}

async function change(
  type: "close" | "open",
  admin: AdminContext,
  asked: AdminRequest,
  fields: URLSearchParams,
  seen: Seen,
): Promise<readonly HeaderPair[]> {
  const identified = await admin.access.identify(asked);
  if (identified.outcome === "refused") throw refusalOf(identified);
  const { principal, headers } = identified;
  seen.principal = principal;
  const text = (name: string): string | undefined => fields.get(name) || undefined;
  const given = { sites: fields.getAll("site"), reason: text("reason") };
  const message = text("message");
  const command =
    type === "close"
      ? { type, ...validateInput(closeBody, { ...given, ...(message && { notice: { message } }) }, "body") }
      : { type, ...validateInput(openBody, given, "body") };
  requireRight(principal, "switch", command.sites);
  await switchSites(admin, command, { by: actorOf(principal, asked), asked });
  const done = { operation: type, sites: command.sites, reason: given.reason ?? "" };
  logChange(admin.gate.options.logger, principal, asked, done);
  return headers;
}
