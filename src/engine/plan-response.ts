import { MODES } from "../state/mode.ts";
import { answerType, TYPES } from "./answer-type.ts";
import type { CompiledSite } from "./compiled-site.ts";
import { allowedOrigin, isPreflight, preflightAnswer, withCors } from "./cors.ts";
import { customAnswer } from "./custom-answer.ts";
import type { Block } from "./decision.ts";
import { closureHeader } from "./maintenance-header.ts";
import { noticeIn, translationFor } from "./notice-for.ts";
import type { PageContext, WantedLanguages } from "./page-context.ts";
import type { Policy } from "./policy.ts";
import { type PreparedAnswer, prepareAnswer } from "./prepared-answer.ts";
import { problemBody } from "./problem-body.ts";
import { redirectOf } from "./redirect.ts";
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
  const redirect = type === "html" ? redirectOf(facts, site, policy) : null;
  const { page, ranges } = wantedLanguages(facts, policy);
  const translation = translationFor(site.record.notice, ranges);
  const answers = site.answersIn(translation === null ? page : `${page} ${translation}`);
  const variety = varietyOf(redirect === null ? type : "redirect", block);
  let answer = answers[variety];
  if (answer === undefined) {
    answer = prepare(pageContextOf(block, facts, site, policy), site, { type, redirect }, policy);
    answers[variety] = answer;
  }
  return answer(now, facts.method === "HEAD");
}

const VARIETIES = ["html", "json", "text", "redirect"] as const;

/** A number, since a text would have to be put together for each request. */
function varietyOf(variety: (typeof VARIETIES)[number], { mode, until }: Block): number {
  return (VARIETIES.indexOf(variety) * MODES.length + MODES.indexOf(mode)) * 2 + (until === null ? 0 : 1);
}

/** What a page may show of a closure to whoever has sent the request. */
export function pageContextOf(block: Block, facts: RequestFacts, site: CompiledSite, policy: Policy): PageContext {
  const { notice, version } = site.record;
  const { page, ranges } = wantedLanguages(facts, policy);
  return {
    site: block.site,
    mode: block.mode,
    version,
    language: page,
    direction: policy.page.directionOf(page),
    ...noticeIn(notice, translationFor(notice, ranges)),
    until: block.until,
    url: notice.url,
  };
}

function wantedLanguages(facts: RequestFacts, { languagesFor }: Policy): WantedLanguages {
  return languagesFor(facts.header("accept-language") ?? "");
}

function prepare(
  context: PageContext,
  site: CompiledSite,
  { type, redirect }: { readonly type: AnswerType; readonly redirect: string | null },
  policy: Policy,
): PreparedAnswer {
  const { page } = policy;
  const settings = site.record.response;
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
      ...["Content-Language", contentLanguage(context)],
      ...["Maintenance", closureHeader(context)],
      ...(redirect === null ? [] : ["Location", redirect]),
      ...(refresh > 0 ? ["Refresh", String(refresh)] : []),
      ...(html?.contentSecurityPolicy ? ["Content-Security-Policy", html.contentSecurityPolicy] : []),
      ...["X-Content-Type-Options", "nosniff"],
    ],
    body: bodyOf,
    retryAfter: retryAfter(set, context.until, policy.random),
    varies: set === null && context.until !== null,
  });
}

/** RFC 9110 section 8.5: all languages of the intended readers, that of the notice first where it is another than that of the page. */
function contentLanguage({ language, titleLanguage, messageLanguage }: PageContext): string {
  return [...new Set([titleLanguage, messageLanguage, language])].filter((tag) => tag !== null).join(", ");
}
