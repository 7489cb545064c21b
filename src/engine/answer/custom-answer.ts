import { messageOf } from "../../errors.ts";
import { MAX_RETRY_SECONDS } from "../../state/setting.ts";
import { atOnce } from "../decide/at-once.ts";
import type { Block } from "../decide/decision.ts";
import type { RequestFacts } from "../decide/request-facts.ts";
import { headerPairs, type ResponsePlan, withBody } from "./response-plan.ts";

/** The result of an application's own `respond` for a blocked request. Absent members keep their usual values. */
export interface CustomAnswer {
  /** 400 to 599, or 302, 303, 307. */
  readonly status?: number | undefined;
  /** `Retry-After` is limited to one day, 86,400 seconds, whether in seconds or as a date; any other value is dropped. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export type Respond = (request: RequestFacts, decision: Block) => CustomAnswer | undefined;

/** Headers by which caches and clients recognise maintenance: `respond` cannot replace them. */
const KEPT: ReadonlySet<string> = new Set(["cache-control", "maintenance", "content-length"]);

/** Returns `plan` with the changes of the application. If its function throws or returns an invalid answer, reports it and returns `plan`. */
export function customAnswer(
  plan: ResponsePlan,
  respond: Respond,
  facts: RequestFacts,
  block: Block,
  now: number,
  report: (message: string) => void,
): ResponsePlan {
  try {
    const answer = atOnce(respond(facts, block));
    return answer ? merge(plan, answer, facts.method === "HEAD", now) : plan;
  } catch (error) {
    report(`'respond' failed, so the usual answer is sent: ${messageOf(error)}`);
    return plan;
  }
}

function merge(
  plan: ResponsePlan,
  { status = plan.status, headers = {}, body }: CustomAnswer,
  head: boolean,
  now: number,
): ResponsePlan {
  if (!isHonest(status)) throw new RangeError(`${status} is not a status for a closed site`);
  const own = new Headers(headers);
  for (const name of KEPT) own.delete(name);
  const retry = limitRetryAfter(own.get("retry-after"), now);
  if (retry === null) own.delete("retry-after");
  else own.set("Retry-After", retry);
  const answer = body === undefined ? plan : withBody(plan, body, head);
  const kept = headerPairs(answer.headers).filter(([name]) => !own.has(name));
  return { status, headers: [...kept, ...own].flat(), body: answer.body };
}

/** Parses seconds or an HTTP date (RFC 9110 section 10.2.3), at most a day from `now`; `null` for anything else, which a client may read as years. */
function limitRetryAfter(value: string | null, now: number): string | null {
  if (value === null) return null;
  if (/^\d+$/.test(value)) return String(Math.min(Number(value), MAX_RETRY_SECONDS));
  // Of the three forms of a date only that of `asctime` has no zone: it is in UTC.
  const at = /^[A-Z][a-z]{2,8},? /.test(value)
    ? Date.parse(value.endsWith("GMT") ? value : `${value} GMT`)
    : Number.NaN;
  if (Number.isNaN(at)) return null;
  const last = now + MAX_RETRY_SECONDS * 1_000;
  return at > last ? new Date(last).toUTCString() : value;
}

function isHonest(status: number): boolean {
  return Number.isInteger(status) && ((status >= 400 && status <= 599) || [302, 303, 307].includes(status));
}
