import type { Access, AdminRequest } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import type { AdminContext, Seen } from "./admin-context.ts";
import { logRefusal } from "./admin-log.ts";
import { withVisibleHolds } from "./api/holds.ts";
import type { Answer, Route } from "./api/route.ts";
import { findRoutes } from "./api/routes.ts";
import { clientOf, type RequestInfo } from "./client-of.ts";
import { badRequest, type HeaderPair, problemOf, type RefusedRequest, refusalOf, toRefusal } from "./http/problem.ts";
import { pathWithin } from "./http/request-path.ts";
import { COMMON_HEADERS, headersFrom } from "./http/security-headers.ts";
import { answerForm, isForm } from "./page/forms.ts";
import { answerPage } from "./page/page.ts";
import { answerWithFile, loadPageFiles, type PageFiles } from "./page/page-files.ts";
import { answerPreviewForm, PREVIEW_FORM } from "./page/preview-form.ts";

const API = "/api/v1/";
/** The caller of a route that needs no sign-in. */
const ANONYMOUS: Principal = { name: "anonymous", via: "session", key: "", may: () => false };

/** Answers every request below `basePath`. Never rejects. */
export function createHandler(
  admin: AdminContext,
  basePath: string,
): (request: Request, info?: RequestInfo) => Promise<Response> {
  const { logger } = admin.gate.options;
  let files: Promise<PageFiles> | null = null;

  return async (request, info = {}) => {
    const asked = clientOf(admin.clients, request, info);
    const seen: Seen = { principal: null };
    let response: Response;
    try {
      response = await answer(asked, seen);
    } catch (thrown) {
      const refusal = toRefusal(withVisibleHolds(seen.principal, thrown));
      logRefusal(admin.log, seen.principal, asked, refusal);
      response = answerRefusal(refusal);
    }
    if (request.method !== "HEAD" || response.body === null) return response;
    await response.body.cancel();
    return new Response(null, response);
  };

  async function answer(asked: AdminRequest, seen: Seen): Promise<Response> {
    const { request } = asked;
    const path = pathWithin(basePath, request.url);
    // Everything else is available once the first load has ended.
    admin.gate.start();
    await admin.gate.settle();
    if (path === null) throw badRequest(404, "There is nothing here.");
    if (path.startsWith(API)) return await answerApi(admin, asked, path.slice(API.length), seen);
    if (path === PREVIEW_FORM || isForm(path)) {
      requireMethod(request, ["POST"]);
      if (path === PREVIEW_FORM) return await answerPreviewForm(admin, asked, seen);
      return await answerForm(admin, asked, path, seen, await pageFiles());
    }
    if (path !== "" && path !== "/" && !path.startsWith("/assets/")) throw badRequest(404, "There is nothing here.");
    requireMethod(request, ["GET"]);
    // Relative, since a proxy may have removed a prefix of the path.
    if (path === "") return redirect(`${basePath.slice(basePath.lastIndexOf("/") + 1)}/`);
    const shown = await pageFiles();
    return path === "/" ? await answerPage(admin, asked, shown) : answerWithFile(shown, path.slice(1));
  }

  function pageFiles(): Promise<PageFiles> {
    files ??= loadPageFiles(logger);
    return files;
  }
}

async function answerApi(admin: AdminContext, asked: AdminRequest, path: string, seen: Seen): Promise<Response> {
  const found = findRoutes(path);
  if (found === null) throw badRequest(404, "The API has nothing here.");
  requireMethod(
    asked.request,
    found.routes.map(({ method }) => method),
  );
  const method = asked.request.method === "HEAD" ? "GET" : asked.request.method;
  const route = found.routes.find((one) => one.method === method);
  if (route === undefined) throw badRequest(405, `${method} is not allowed here.`);
  const { principal, headers } = await admit(admin.access, asked, route);
  seen.principal = principal;
  return answerWith(await route.run(admin, asked, principal ?? ANONYMOUS, found.params), headers);
}

async function admit(
  access: Access,
  asked: AdminRequest,
  { right, path }: Route,
): Promise<{ readonly principal: Principal | null; readonly headers: readonly HeaderPair[] }> {
  if (right === "anyone") return { principal: null, headers: [] };
  const identified = await access.identify(asked);
  if (identified.outcome === "known") return identified;
  const { ways, advice } = access;
  throw refusalOf(identified, path === "session" && identified.status === 401 ? { ways, advice } : {});
}

function requireMethod({ method }: Request, allowed: readonly string[]): void {
  const all = allowed.includes("GET") ? [...allowed, "HEAD"] : allowed;
  if (all.includes(method)) return;
  throw badRequest(405, `${method.slice(0, 20)} is not allowed here.`, `Allowed: ${all.join(", ")}.`, [
    ["Allow", all.join(", ")],
  ]);
}

function answerWith(answer: Answer, headers: readonly HeaderPair[]): Response {
  if ("response" in answer) {
    for (const [name, value] of headers) answer.response.headers.append(name, value);
    return answer.response;
  }
  const { status, body, headers: own = [] } = answer;
  const type: readonly HeaderPair[] = body === undefined ? [] : [["Content-Type", "application/json"]];
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: headersFrom(COMMON_HEADERS, type, headers, own),
  });
}

/** RFC 9457. */
function answerRefusal(refusal: RefusedRequest): Response {
  const problem = problemOf(refusal);
  const headers = headersFrom(
    COMMON_HEADERS,
    [["Content-Type", "application/problem+json"]],
    refusal.options.headers ?? [],
  );
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: headersFrom(COMMON_HEADERS, [["Location", location]]) });
}
