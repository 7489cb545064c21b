import { messageOf } from "../../errors.ts";
import { MAX_RETRY_SECONDS } from "../../state/setting.ts";
import { atOnce } from "../decide/at-once.ts";
import type { Block } from "../decide/decision.ts";
import type { RequestFacts } from "../decide/request-facts.ts";
import type { ResponsePlan } from "./response-plan.ts";

/** What an application's own `respond` gives for a blocked request; what it leaves out stays as it would have been. */
export interface CustomAnswer {
  /** 400 to 599, or 302, 303, 307. */
  readonly status?: number | undefined;
  /** `Retry-After` is cut to a day, 86,400 seconds, in seconds and as a date; what is neither is left out. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export type Respond = (request: RequestFacts, decision: Block) => CustomAnswer | undefined;

/** Headers by which caches and clients recognise maintenance: `respond` cannot replace them. */
const KEPT: ReadonlySet<string> = new Set(["cache-control", "maintenance", "content-length"]);

/** `plan` as the application wants it. When its function throws or gives what cannot be sent, `plan` as it is, and a report. */
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
    report(`'respond' failed, and the usual answer stands in: ${messageOf(error)}`);
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
  const merged: string[] = [];
  for (let index = 0; index + 1 < plan.headers.length; index += 2) {
    const [name = "", value = ""] = plan.headers.slice(index, index + 2);
    const isOldLength = body !== undefined && name === "Content-Length";
    const isOldPolicy = body !== undefined && name === "Content-Security-Policy";
    if (!own.has(name) && !isOldLength && !isOldPolicy) merged.push(name, value);
  }
  for (const [name, value] of own) merged.push(name, value);
  if (body === undefined) return { status, headers: merged, body: plan.body };
  merged.push("Content-Length", String(new TextEncoder().encode(body).length));
  return { status, headers: merged, body: head ? null : body };
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3), up to a day from `now`; `null` for anything else, which a client may read as years. */
function limitRetryAfter(value: string | null, now: number): string | null {
  if (value === null) return null;
  if (/^\d+$/.test(value)) return String(Math.min(Number(value), MAX_RETRY_SECONDS));
  // Of the three forms of a date that of `asctime` alone has no zone: it is UTC.
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
