import { previewRecord } from "../../control/apply/close-record.ts";
import type { ValidCloseCommand } from "../../control/command.ts";
import { previewAnswer } from "../../engine/answer/preview-answer.ts";
import { recordAt } from "../../schedule/timetable.ts";
import type { AdminContext } from "../admin-context.ts";
import type { HeaderPair } from "../http/problem.ts";
import { FRAMED_HEADERS, headersFrom } from "../http/security-headers.ts";
import { type PreviewQuery, previewQuery } from "../schema/requests.ts";
import { findSite } from "../views/site-view.ts";
import { defineRoute, type Route } from "./route.ts";

export const PREVIEW_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "preview",
    operation: "preview",
    summary:
      "The page that a visitor of the closed site would see, with the texts of a draft if given. Nothing is closed.",
    right: "view",
    sites: ({ query }) => [query.site],
    query: previewQuery,
    answer: { status: 200, type: ["text/html", "application/problem+json", "text/plain"] },
    problems: [404],
    handle: ({ admin, query }) => ({ response: showPreview(admin, query) }),
  }),
];

export function showPreview(admin: AdminContext, query: PreviewQuery): Response {
  const { snapshot } = admin.gate;
  const now = admin.now();
  const stored = recordAt(findSite(snapshot, query.site).stored, now);
  const record = previewRecord(stored, commandOf(query), now);
  const plan = previewAnswer(record, { type: query.type, language: query.locale ?? "" }, snapshot, now);
  return new Response(plan.body, { headers: headersFrom(headersOf(plan.headers)) });
}

function commandOf({ site, title, message, moreUrl, until, mode }: PreviewQuery): ValidCloseCommand {
  return { type: "close", sites: [site], mode, until, title, message, moreUrl };
}

/** The page's own policy, with additions: no script, a separate origin, and no frames but the admin's. */
function headersOf(planned: readonly string[]): readonly HeaderPair[] {
  const header = (name: string): string | undefined => {
    const place = planned.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
    return place === -1 ? undefined : planned[place + 1];
  };
  const own = header("content-security-policy");
  return [
    ["Content-Type", header("content-type") ?? "text/html; charset=utf-8"],
    ["Content-Language", header("content-language") ?? "en"],
    ["Content-Security-Policy", `${own === undefined ? "" : `${withoutFrames(own)}; `}sandbox; frame-ancestors 'self'`],
    ...FRAMED_HEADERS,
  ];
}

function withoutFrames(policy: string): string {
  return policy
    .split(";")
    .map((directive) => directive.trim())
    .filter((directive) => directive !== "" && !/^(?:frame-ancestors|sandbox)\b/i.test(directive))
    .join("; ");
}
