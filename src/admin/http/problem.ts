import { type ErrorCode, MaintenanceError, messageOf } from "../../errors.ts";
import type { Identified } from "../access/access.ts";
import type { Problem, SiteView } from "../schema/responses.ts";

/** A response header. */
export type HeaderPair = readonly [name: string, value: string];

export interface ProblemOptions {
  /** @default the status of the error's code */
  readonly status?: number;
  readonly errors?: Problem["errors"];
  readonly current?: SiteView;
  readonly headers?: readonly HeaderPair[];
  /** The refusal is already in the log. */
  readonly isLogged?: boolean;
  /** Further members of the problem. */
  readonly besides?: Pick<Problem, "ways" | "advice" | "held">;
}

/** Thrown to refuse a request. The handler turns it into the response. */
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
  415: "Unsupported format",
  422: "Invalid",
  428: "Version missing",
  429: "Too many requests",
  500: "Something went wrong",
  503: "The store is unavailable",
};

const STATUSES: Partial<Record<ErrorCode, number>> = {
  ERR_UNAUTHENTICATED: 401,
  ERR_FORBIDDEN: 403,
  ERR_NOT_FOUND: 404,
  ERR_METHOD_NOT_ALLOWED: 405,
  ERR_INVALID_REQUEST: 400,
  ERR_TOO_MANY_REQUESTS: 429,
  ERR_SITE_CONFIGURED: 409,
  ERR_CONFLICT: 409,
  ERR_OVERRIDDEN: 409,
  ERR_HELD: 409,
  ERR_STORE_UNAVAILABLE: 503,
  ERR_STATE_UNREADABLE: 503,
  ERR_STATE_TOO_NEW: 503,
  ERR_LOCK_TIMEOUT: 503,
  ERR_NOT_MIGRATED: 503,
  ERR_NO_STATE: 503,
  ERR_DRIVER_MISSING: 503,
  ERR_ALREADY_CLOSED: 503,
  ERR_CONFIG_FILE: 500,
  ERR_UNEXPECTED: 500,
};

/** Returns the HTTP status of an error; 422 for a fault of the request itself. */
export function statusOf(error: MaintenanceError): number {
  return STATUSES[error.code] ?? 422;
}

/** Returns a thrown value as a refusal. Unexpected errors are logged; the client gets a generic 500. */
export function toRefusal(thrown: unknown): RefusedRequest {
  if (thrown instanceof RefusedRequest) return thrown;
  if (thrown instanceof MaintenanceError) return new RefusedRequest(thrown);
  return new RefusedRequest(
    new MaintenanceError("ERR_UNEXPECTED", "An unexpected error occurred.", {
      cause: messageOf(thrown),
    }),
  );
}

/** The member of the body that a code refers to, if the message does not begin with its name. */
const MEMBERS: Partial<Record<ErrorCode, string>> = {
  ERR_UNKNOWN_SITE: "/sites",
  ERR_INVALID_HOST: "/hosts",
  ERR_NO_BARRIER: "/wait",
};

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

/** Returns `/until` for `until: 2020-… is in the past`; empty for the whole body. */
function pointerOf({ code, message }: MaintenanceError): string {
  const [, member] = /^([a-z]\w*): /i.exec(message) ?? [];
  return member === undefined ? (MEMBERS[code] ?? "") : `/${member}`;
}

/** Returns a refusal with this status, for a fault of the request itself. */
export function badRequest(
  status: number,
  message: string,
  hint?: string,
  headers: readonly HeaderPair[] = [],
): RefusedRequest {
  const code = status === 404 ? "ERR_NOT_FOUND" : status === 405 ? "ERR_METHOD_NOT_ALLOWED" : "ERR_INVALID_REQUEST";
  return new RefusedRequest(new MaintenanceError(code, message, hint === undefined ? {} : { hint }), {
    status,
    headers,
  });
}

/** Returns the refusal of a caller who was not identified, which `Access` has logged. */
export function refusalOf(
  { error, status, headers }: Extract<Identified, { outcome: "refused" }>,
  besides: ProblemOptions["besides"] = {},
): RefusedRequest {
  return new RefusedRequest(error, { status, headers, besides, isLogged: true });
}
