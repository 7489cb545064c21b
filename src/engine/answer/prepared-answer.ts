import { MAX_RETRY_SECONDS } from "../../state/setting.ts";
import type { ResponsePlan } from "./response-plan.ts";

export interface AnswerParts {
  readonly status: number;
  /** All headers except `Retry-After` and `Content-Length`. */
  readonly headers: readonly string[];
  /** The body, or its parts before and after the seconds of `Retry-After`. */
  readonly body: readonly [text: string] | readonly [before: string, after: string];
  readonly retryAfter: RetryAfter;
  /** The end in epoch milliseconds from which `Retry-After` is counted for each request; `null` if it is the same for all. */
  readonly until: number | null;
}

/** Maximum number of answers that share a drawn `Retry-After`, in the same second before the end. Eight clients are no burst. */
const MAX_USES = 8;

/** The answers for one closure in one type and language. If nothing varies, the plan is created once and shared by all requests. */
export class PreparedAnswer {
  readonly #parts: AnswerParts;
  /** Of the parts of the body, in bytes. */
  readonly #length: number;
  /** All headers, the last two without their values. */
  readonly #headers: readonly string[];
  readonly #whole: ResponsePlan | null;
  readonly #head: ResponsePlan | null;
  /** The plan that varies as it was assembled last, how many seconds before the end, and for how many answers. */
  #drawn: ResponsePlan | null = null;
  #left = 0;
  #uses = 0;
  #inLatin1: PreparedAnswer | null = null;

  constructor(parts: AnswerParts, length = parts.body.reduce((sum, part) => sum + utf8(part).length, 0)) {
    this.#parts = parts;
    this.#length = length;
    const retry = parts.until !== null || parts.retryAfter(0) !== null ? ["Retry-After", ""] : [];
    this.#headers = [...parts.headers, ...retry, "Content-Length", ""];
    this.#whole = parts.until === null ? this.#assemble(0) : null;
    this.#head = this.#whole && { ...this.#whole, body: null };
  }

  /** Returns the plan; `now` in epoch milliseconds. */
  plan(now: number, isHead: boolean): ResponsePlan {
    const known = isHead ? this.#head : this.#whole;
    if (known !== null) return known;
    const plan = this.#draw(now);
    return isHead ? { ...plan, body: null } : plan;
  }

  #draw(now: number): ResponsePlan {
    const left = secondsTo(this.#parts.until ?? 0, now);
    if (this.#drawn === null || this.#left !== left || this.#uses === MAX_USES) {
      this.#drawn = this.#assemble(now);
      this.#left = left;
      this.#uses = 0;
    }
    this.#uses += 1;
    return this.#drawn;
  }

  /** The same answers, with the bytes of their bodies as texts in Latin-1. */
  get inLatin1(): PreparedAnswer {
    this.#inLatin1 ??= this.#convert();
    return this.#inLatin1;
  }

  #convert(): PreparedAnswer {
    const [before, after] = this.#parts.body;
    const body = after === undefined ? ([latin1(before)] as const) : ([latin1(before), latin1(after)] as const);
    return new PreparedAnswer({ ...this.#parts, body }, this.#length);
  }

  #assemble(now: number): ResponsePlan {
    const { status, body, retryAfter } = this.#parts;
    const [before, after] = body;
    const seconds = retryAfter(now);
    const digits = seconds === null ? "" : String(seconds);
    const headers = this.#headers.slice();
    if (seconds !== null) headers[headers.length - 3] = digits;
    headers[headers.length - 1] = String(after === undefined ? this.#length : this.#length + digits.length);
    return { status, headers, body: after === undefined ? before : before + digits + after };
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * Returns a text whose characters are the bytes of `text` in UTF-8: in ASCII the same text. Joined and not appended to: V8 would write it
 * byte by byte.
 */
function latin1(text: string): string {
  const bytes = utf8(text);
  if (bytes.length === text.length) return text;
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
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
    const seconds = Math.max(1, secondsTo(until, now));
    return Math.min(seconds + Math.floor(seconds * MAX_SPREAD * random()), MAX_RETRY_SECONDS);
  };
}

function secondsTo(until: number, now: number): number {
  return Math.ceil((until - now) / 1000);
}
