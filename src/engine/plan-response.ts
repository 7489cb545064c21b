import { answerType, TYPES } from "./answer-type.ts";
import type { CompiledSite } from "./compiled-site.ts";
import { allowedOrigin, isPreflight, preflightAnswer, withCors } from "./cors.ts";
import { customAnswer } from "./custom-answer.ts";
import type { Block } from "./decision.ts";
import { closureHeader } from "./maintenance-header.ts";
import { noticeFor } from "./notice-for.ts";
import type { PageContext } from "./page-context.ts";
import type { Policy } from "./policy.ts";
import { type PreparedAnswer, prepareAnswer } from "./prepared-answer.ts";
import { problemBody } from "./problem-body.ts";
import { redirectFor } from "./redirect.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { AnswerType, ResponsePlan } from "./response-plan.ts";
import { retryAfter } from "./retry-after.ts";
import type { Snapshot } from "./snapshot.ts";

/** What to write to a request that `decide` blocked. Rendered once per snapshot, type and language. */
export function planResponse(block: Block, facts: RequestFacts, snapshot: Snapshot, now: number): ResponsePlan {
  const { policy } = snapshot;
  const origin = allowedOrigin(facts, policy.cors);
  if (origin !== null && policy.cors !== null && isPreflight(facts)) return preflightAnswer(facts, origin, policy.cors);
  const usual = usualAnswer(block, facts, snapshot, now);
  const plan = policy.respond === null ? usual : customAnswer(usual, policy.respond, facts, block, policy.report);
  return origin === null || policy.cors === null ? plan : withCors(plan, origin, policy.cors);
}

function usualAnswer(block: Block, facts: RequestFacts, snapshot: Snapshot, now: number): ResponsePlan {
  const { policy } = snapshot;
  const site = snapshot.sites.get(block.site) ?? snapshot.all;
  const type = answerType(facts, policy);
  const language = policy.languageFor(facts.header("accept-language") ?? "");
  const key = `${type}:${language}:${block.mode}:${block.until === null ? "" : "until"}`;
  let answer = site.answers.get(key);
  if (answer === undefined) {
    answer = prepare(block, site, type, language, policy);
    site.answers.set(key, answer);
  }
  return answer(now, facts.method === "HEAD");
}

/** What a page may show of a closure. */
export function pageContextOf(block: Block, site: CompiledSite, language: string, policy: Policy): PageContext {
  return {
    site: block.site,
    mode: block.mode,
    version: site.record.version,
    language,
    direction: policy.page.directionOf(language),
    ...noticeFor(site.record.notice, language),
    until: block.until,
    url: site.record.notice.url,
  };
}

function prepare(block: Block, site: CompiledSite, type: AnswerType, language: string, policy: Policy): PreparedAnswer {
  const { page } = policy;
  const settings = site.record.response;
  const redirect = type === "html" ? redirectFor(site, policy) : null;
  const context = pageContextOf(block, site, language, policy);
  const status = redirect === null ? (settings.status ?? policy.response.status) : 302;
  const html = type === "html" && redirect === null ? page.renderHtml(context) : null;
  const refresh = html === null ? 0 : (settings.refresh ?? policy.response.refresh);
  const bodyOf = (seconds: number | null): string => {
    if (redirect !== null) return "";
    if (html !== null) return html.body;
    if (type === "text") return page.renderText(context);
    return problemBody(context, page.titleOf(context), status, seconds);
  };
  const set = settings.retryAfter ?? policy.response.retryAfter;
  return prepareAnswer({
    status,
    headers: [
      ...["Content-Type", TYPES[type]],
      ...["Cache-Control", "no-store"],
      ...["Vary", "Accept, Accept-Language"],
      ...["Content-Language", language],
      ...["Maintenance", closureHeader(context)],
      ...(redirect === null ? [] : ["Location", redirect]),
      ...(refresh > 0 ? ["Refresh", String(refresh)] : []),
      ...(html?.contentSecurityPolicy ? ["Content-Security-Policy", html.contentSecurityPolicy] : []),
      ...["X-Content-Type-Options", "nosniff"],
    ],
    body: bodyOf,
    retryAfter: retryAfter(set, block.until, policy.random),
    varies: set === null && block.until !== null,
  });
}
