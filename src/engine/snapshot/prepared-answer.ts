import type { ResponsePlan } from "../answer/response-plan.ts";
import type { RetryAfter } from "../answer/retry-after.ts";

/** What one closure answers in one type and language, ready to be written. */
export type PreparedAnswer = (now: number, head: boolean) => ResponsePlan;

export interface AnswerParts {
  readonly status: number;
  /** All but `Retry-After` and `Content-Length`. */
  readonly headers: readonly string[];
  /** The body, for the seconds that the same answer's `Retry-After` says. */
  readonly body: (retryAfter: number | null) => string;
  readonly retryAfter: RetryAfter;
  /** `Retry-After` is another with each request: the end is known. */
  readonly varies: boolean;
}

/** Where nothing varies all is done here, once, and each request is handed the same object. */
export function prepareAnswer(parts: AnswerParts): PreparedAnswer {
  if (parts.varies) return (now, head) => assemble(parts, now, head);
  const whole = assemble(parts, 0, false);
  const head: ResponsePlan = { ...whole, body: null };
  return (_now, isHead) => (isHead ? head : whole);
}

function assemble({ status, headers, body, retryAfter }: AnswerParts, now: number, head: boolean): ResponsePlan {
  const seconds = retryAfter(now);
  const text = body(seconds);
  const retry = seconds === null ? [] : ["Retry-After", String(seconds)];
  return {
    status,
    headers: [...headers, ...retry, "Content-Length", String(byteLength(text))],
    body: head ? null : text,
  };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
