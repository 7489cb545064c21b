import type { AdminRequest } from "../access/access.ts";
import type { AdminContext, Seen } from "../admin-context.ts";
import { logRefusal } from "../admin-log.ts";
import { showPreview } from "../api/preview.ts";
import { requireRight } from "../api/route.ts";
import { problemOf, refusalOf, toRefusal } from "../http/problem.ts";
import { readForm } from "../http/read-body.ts";
import { FRAMED_HEADERS, headersFrom } from "../http/security-headers.ts";
import { validateInput } from "../http/validate-input.ts";
import { previewQuery } from "../schema/requests.ts";

export const PREVIEW_FORM = "/preview";

/**
 * Answers with the preview in the page's frame. It is requested by a form: the address of a frame can contain neither a bearer token nor
 * a message of any length.
 */
export async function answerPreviewForm(admin: AdminContext, asked: AdminRequest, seen: Seen): Promise<Response> {
  try {
    // Browsers send each line break as two characters, which must not count for the maximum length.
    const sent = [...(await readForm(admin, asked))].map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]);
    const { token = "", ...fields }: Record<string, string> = Object.fromEntries(sent);
    const identified = await admin.access.identify(token === "" ? asked : withToken(asked, token));
    if (identified.outcome === "refused") throw refusalOf(identified);
    seen.principal = identified.principal;
    const query = validateInput(previewQuery, fields, "body");
    requireRight(identified.principal, "view", [query.site]);
    const response = showPreview(admin, query);
    for (const [name, value] of identified.headers) response.headers.append(name, value);
    return response;
  } catch (thrown) {
    const refusal = toRefusal(thrown);
    logRefusal(admin.log, seen.principal, asked, refusal);
    const { status, detail } = problemOf(refusal);
    const type = ["Content-Type", "text/plain; charset=utf-8"] as const;
    return new Response(`There is no preview: ${detail.replace(/^body, /, "")}`, {
      status,
      headers: headersFrom(FRAMED_HEADERS, [type]),
    });
  }
}

/** Adds the token as a script would send it. */
function withToken(asked: AdminRequest, token: string): AdminRequest {
  const { method, url } = asked.request;
  // A text that no header can contain is not a token.
  const authorization = `Bearer ${/^[\w.~+/=-]+$/.test(token) ? token : ""}`;
  return { ...asked, request: new Request(url, { method, headers: { authorization } }) };
}
