import { formatInstant, parseInstant } from "../../state/instant.ts";
import { MODES } from "../../state/mode.ts";
import type { Block } from "../decide/decision.ts";
import { isRetrieval } from "../decide/is-reading.ts";
import type { RequestFacts } from "../decide/request-facts.ts";
import type { PageContext, WantedLanguages } from "../page/context.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import type { Policy } from "../snapshot/policy.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { acceptsHtmlByName, answerType, isNavigation, TYPES } from "./answer-type.ts";
import { allowedOrigin, isPreflight, preflightAnswer, withCors } from "./cors.ts";
import { customAnswer } from "./custom-answer.ts";
import { closureHeader } from "./maintenance-header.ts";
import { noticeIn, translationFor } from "./notice-for.ts";
import { type AnswerParts, PreparedAnswer, retryAfter } from "./prepared-answer.ts";
import { redirectWithoutLoop } from "./redirect-loop.ts";
import type { AnswerType, ResponsePlan } from "./response-plan.ts";

/** Returns the answer to a blocked request; `now` in epoch milliseconds. Rendered once per snapshot, type and language. */
export function planResponse(block: Block, facts: RequestFacts, snapshot: Snapshot, now: number): ResponsePlan {
  const { policy } = snapshot;
  const origin = allowedOrigin(facts, policy.cors);
  if (origin !== null && policy.cors !== null && isPreflight(facts)) return preflightAnswer(facts, origin, policy.cors);
  const usual = usualAnswer(block, facts, snapshot, now).plan(now, facts.method === "HEAD");
  const plan = policy.respond === null ? usual : customAnswer(usual, policy.respond, facts, block, now, policy.report);
  return origin === null || policy.cors === null ? plan : withCors(plan, origin, policy.cors);
}

/** Returns the answer without what `cors` and `respond` add to it. */
export function usualAnswer(block: Block, facts: RequestFacts, snapshot: Snapshot, now: number): PreparedAnswer {
  const { policy } = snapshot;
  const site = snapshot.sites.get(block.site) ?? snapshot.all;
  const type = answerType(facts, policy);
  const redirected = type === "html" && acceptsHtmlByName(facts) && isNavigation(facts);
  const redirect = redirected ? redirectWithoutLoop(facts, site, snapshot, now) : null;
  const { page, ranges } = wantedLanguages(facts, policy);
  const translation = translationFor(site.record.notice, ranges);
  const asked = askedSite(block, facts, snapshot);
  const languages = translation === null ? page : `${page} ${translation}`;
  const answers = site.answersIn(asked === null ? languages : `${languages} ${asked}`);
  const variety = varietyOf(redirect === null ? type : "redirect", sentOf(block, facts), block);
  let answer = answers[variety];
  if (answer === undefined) {
    answer = prepare(pageContextOf(block, facts, snapshot), site, { type, redirect }, policy);
    answers[variety] = answer;
  }
  return answer;
}

const VARIETIES = ["html", "json", "text", "redirect"] as const;

const FATES = [null, "not-taken", "check-first"] as const;

/** A number: a string key would be slower to build for each request. */
function varietyOf(variety: (typeof VARIETIES)[number], sent: PageContext["sent"], { mode, until }: Block): number {
  const answer = VARIETIES.indexOf(variety) * FATES.length + FATES.indexOf(sent);
  return (answer * MODES.length + MODES.indexOf(mode)) * 2 + (until === null ? 0 : 1);
}

/** A read-only site blocks requests that write, whatever their method. */
function sentOf({ mode }: Block, facts: RequestFacts): PageContext["sent"] {
  if (isRetrieval(facts) && mode !== "read-only") return null;
  return facts.processed === false ? "not-taken" : "check-first";
}

/** Returns the site of the host if the configuration has a name, contact or logo for it; else `null`. */
function askedSite(block: Block, { host }: RequestFacts, { policy, byHost }: Snapshot): string | null {
  if (policy.siteBranding.size === 0) return null;
  const asked = byHost.find(host);
  const id = asked === null || asked === "unclear" ? block.site : asked.id;
  return policy.siteBranding.has(id) ? id : null;
}

/** Returns the context of the page for a blocked request. */
export function pageContextOf(block: Block, facts: RequestFacts, snapshot: Snapshot): PageContext {
  const { policy } = snapshot;
  const { notice, version, since, changed } = (snapshot.sites.get(block.site) ?? snapshot.all).record;
  const { page, ranges } = wantedLanguages(facts, policy);
  return {
    site: block.site,
    mode: block.mode,
    version,
    language: page,
    direction: policy.page.directionOf(page),
    ...noticeIn(notice, translationFor(notice, ranges)),
    sent: sentOf(block, facts),
    until: block.until,
    since: since === null ? null : parseInstant(since),
    updated: changed === null ? null : parseInstant(changed.at),
    ...(policy.siteBranding.get(askedSite(block, facts, snapshot) ?? "") ?? policy.branding),
    moreUrl: notice.moreUrl,
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
  const status = redirect === null ? (settings.statusCode ?? policy.response.status) : 302;
  const html = type === "html" && redirect === null ? page.renderHtml(context) : null;
  // A refresh would repeat a POST as a GET, and the input would be lost.
  const refresh = html === null || context.sent !== null ? 0 : (settings.refresh ?? policy.response.refresh);
  const set = settings.retryAfter ?? policy.response.retryAfter;
  const until = set === null ? context.until : null;
  const seconds = retryAfter(set, context.until, policy.random);
  const bodyOf = (): AnswerParts["body"] => {
    if (redirect !== null) return [""];
    if (html !== null) return [html.body];
    if (type === "text") return [page.renderText(context)];
    const problem = problemBody(context, page.titleOf(context), status, until === null ? seconds(0) : null);
    return until !== null ? [problem.slice(0, -"null}".length), "}"] : [problem];
  };
  return new PreparedAnswer({
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
    body: bodyOf(),
    retryAfter: seconds,
    until,
  });
}

/** RFC 9110 section 8.5: all languages of the intended readers, first that of the notice if it differs from that of the page. */
function contentLanguage({ language, titleLanguage, messageLanguage }: PageContext): string {
  return [...new Set([titleLanguage, messageLanguage, language])].filter((tag) => tag !== null).join(", ");
}

/** Problem details for HTTP APIs (RFC 9457), with what a program needs to retry at the right time. */
function problemBody(context: PageContext, title: string, status: number, retryAfter: number | null): string {
  return JSON.stringify({
    type: "about:blank",
    title,
    status,
    detail: context.message || undefined,
    mode: context.mode,
    site: context.site,
    message: context.message || null,
    until: context.until === null ? null : formatInstant(context.until),
    // The last member: if it varies, it is written for each answer.
    retryAfter,
  });
}
