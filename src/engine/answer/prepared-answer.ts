import { MAX_RETRY_SECONDS } from "../../state/setting.ts";
import { lengthOf, type ResponsePlan } from "./response-plan.ts";

/** The answers for one closure in one type and language. */
export interface PreparedAnswer {
  /** Whether the plan is the same at any time. */
  readonly isFixed: boolean;
  /** Returns the plan; `now` in epoch milliseconds. */
  plan(now: number, head: boolean): ResponsePlan;
}

export interface AnswerParts {
  readonly status: number;
  /** All headers except `Retry-After` and `Content-Length`. */
  readonly headers: readonly string[];
  /** Returns the body for the seconds in the answer's `Retry-After`. */
  readonly body: (retryAfter: number | null) => string;
  readonly retryAfter: RetryAfter;
  /** `Retry-After` differs between requests, because the end is known. */
  readonly varies: boolean;
}

/** Prepares the plan. If nothing varies, it is created once and shared by all requests. */
export function prepareAnswer(parts: AnswerParts): PreparedAnswer {
  if (parts.varies) return { isFixed: false, plan: (now, head) => assemble(parts, now, head) };
  const whole = assemble(parts, 0, false);
  const head: ResponsePlan = { ...whole, body: null };
  return { isFixed: true, plan: (_now, isHead) => (isHead ? head : whole) };
}

function assemble({ status, headers, body, retryAfter }: AnswerParts, now: number, head: boolean): ResponsePlan {
  const seconds = retryAfter(now);
  const text = body(seconds);
  const retry = seconds === null ? [] : ["Retry-After", String(seconds)];
  return {
    status,
    headers: [...headers, ...retry, ...lengthOf(text)],
    body: head ? null : text,
  };
}

/** Seconds to wait when no end is known. */
const DEFAULT_SECONDS = 3_600;
/** Maximum share of the seconds that is added at random. */
const MAX_SPREAD = 0.1;

/** Seconds that a client should wait, at most `MAX_RETRY_SECONDS`; `null` sends none. */
type RetryAfter = (now: number) => number | null;

/**
 * Returns the seconds of `Retry-After` (RFC 9110 section 10.2.3) for one closure: the configured number; else the seconds to the known
 * end, with up to a tenth added so that clients do not all return in the same second; else an hour. At most a day.
 */
export function retryAfter(set: number | null, until: number | null, random: () => number): RetryAfter {
  if (set === 0) return () => null;
  if (set !== null) return () => Math.min(set, MAX_RETRY_SECONDS);
  if (until === null) return () => DEFAULT_SECONDS;
  return (now) => {
    const seconds = Math.max(1, Math.ceil((until - now) / 1000));
    return Math.min(seconds + Math.floor(seconds * MAX_SPREAD * random()), MAX_RETRY_SECONDS);
  };
}
