import { type ErrorCode, MaintenanceError, messageOf } from "../../errors.ts";
import type { Identified } from "../access/access.ts";
import type { Problem, SiteView } from "../schema/types.ts";

/** A header as the parts of the admin hand it on. */
export type HeaderPair = readonly [name: string, value: string];

export interface ProblemOptions {
  /** Where the code alone does not say it. */
  readonly status?: number;
  readonly errors?: Problem["errors"];
  readonly current?: SiteView;
  readonly headers?: readonly HeaderPair[];
  /** The log has it already. */
  readonly isTold?: boolean;
  /** Members that one kind of problem has besides. */
  readonly besides?: Pick<Problem, "ways" | "advice">;
}

/** Thrown by whoever refuses a request; the handler makes the answer of it. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  readonly error: MaintenanceError;
  readonly options: ProblemOptions;

  constructor(error: MaintenanceError, options: ProblemOptions = {}) {
    super(error.message, { cause: error });
    this.error = error;
    this.options = options;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Sign in first",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  408: "Too slow",
  409: "In conflict with what is there",
  412: "Changed in the meantime",
  413: "Too large",
  415: "Not in this form",
  422: "Not in order",
  423: "Overridden",
  428: "Name the version you saw",
  429: "Too many requests",
  500: "Something went wrong",
  503: "The store is unavailable",
};

const STATUSES: Partial<Record<ErrorCode, number>> = {
  ERR_UNAUTHENTICATED: 401,
  ERR_FORBIDDEN: 403,
  ERR_NOT_FOUND: 404,
  ERR_INVALID_REQUEST: 400,
  ERR_TOO_MANY_REQUESTS: 429,
  ERR_SITE_CONFIGURED: 409,
  ERR_CONFLICT: 409,
  ERR_OVERRIDDEN: 423,
  ERR_STORE_UNAVAILABLE: 503,
  ERR_STATE_UNREADABLE: 503,
  ERR_STATE_TOO_NEW: 503,
  ERR_LOCK_TIMEOUT: 503,
  ERR_NOT_MIGRATED: 503,
  ERR_DRIVER_MISSING: 503,
  ERR_ALREADY_CLOSED: 503,
  ERR_CONFIG_FILE: 500,
  ERR_UNEXPECTED: 500,
};

/** The status that an error is answered with; what the request itself has wrong is 422. */
export function statusOf(error: MaintenanceError): number {
  return STATUSES[error.code] ?? 422;
}

/** What was thrown, as a refusal. What nobody foresaw tells nobody outside what it was: see the log. */
export function toRefusal(thrown: unknown): RefusedRequest {
  if (thrown instanceof RefusedRequest) return thrown;
  if (thrown instanceof MaintenanceError) return new RefusedRequest(thrown);
  return new RefusedRequest(
    new MaintenanceError("ERR_UNEXPECTED", "Something that nobody foresaw went wrong here.", {
      cause: messageOf(thrown),
    }),
  );
}

/** Which member of the body a code speaks of, where the message does not begin with its name. */
const MEMBERS: Partial<Record<ErrorCode, string>> = { ERR_UNKNOWN_SITE: "/sites", ERR_INVALID_HOST: "/hosts" };

/** RFC 9457. */
export function problemOf({ error, options }: RefusedRequest): Problem {
  const status = options.status ?? statusOf(error);
  const errors =
    options.errors ?? (status === 422 ? [{ pointer: pointerOf(error), message: error.message }] : undefined);
  return {
    type: `urn:maintenance-mode:${error.code}`,
    title: TITLES[status] ?? "Refused",
    status,
    code: error.code,
    detail: error.message,
    hint: error.hint,
    ...(errors === undefined ? {} : { errors }),
    ...(options.current === undefined ? {} : { current: options.current }),
    ...options.besides,
  };
}

/** `until: 2020-… is in the past` speaks of `/until`; empty: of the whole. */
function pointerOf({ code, message }: MaintenanceError): string {
  const [, member] = /^([a-z]\w*): /i.exec(message) ?? [];
  return member === undefined ? (MEMBERS[code] ?? "") : `/${member}`;
}

/** A refusal with this status: what is wrong with the request as such. */
export function badRequest(
  status: number,
  message: string,
  hint?: string,
  headers: readonly HeaderPair[] = [],
): RefusedRequest {
  const code = status === 404 || status === 405 ? "ERR_NOT_FOUND" : "ERR_INVALID_REQUEST";
  return new RefusedRequest(new MaintenanceError(code, message, hint === undefined ? {} : { hint }), {
    status,
    headers,
  });
}

/** A refusal of whoever was not let in. */
export function refusalOf(
  { error, status, headers }: Extract<Identified, { outcome: "refused" }>,
  besides: ProblemOptions["besides"] = {},
): RefusedRequest {
  return new RefusedRequest(error, { status, headers, besides, isTold: true });
}
