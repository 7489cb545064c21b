import { type ErrorCode, MaintenanceError } from "../../errors.ts";
import type { AdminRequest, Identified } from "./access.ts";
import type { RefusalLog } from "./refusal-log.ts";

export type Known = Extract<Identified, { outcome: "known" }>;
type Refused = Extract<Identified, { outcome: "refused" }>;

/** The reason of a refusal, before it is logged. */
export interface Refusal {
  readonly status: Refused["status"];
  readonly message: string;
  readonly hint?: string | undefined;
  /** The caller, as far as it is known. */
  readonly who?: string | undefined;
  /** Seconds. */
  readonly retryAfter?: number;
  /** RFC 6750 section 3.1: parameters of the challenge. */
  readonly challenge?: string;
  readonly cause?: unknown;
}

const CODES: Readonly<Record<Refused["status"], ErrorCode>> = {
  401: "ERR_UNAUTHENTICATED",
  403: "ERR_FORBIDDEN",
  429: "ERR_TOO_MANY_REQUESTS",
  503: "ERR_STORE_UNAVAILABLE",
};

/** Logs a refusal (caller, path, reason, never a secret) and returns its answer. */
export function refuse({ request, address }: AdminRequest, refusal: Refusal, log: RefusalLog): Refused {
  const { status, message, hint, who, retryAfter, challenge = "", cause } = refusal;
  // Without the query: links contain secrets there.
  const target = oneLine(new URL(request.url).pathname).slice(0, 200);
  const from = `${who === undefined ? "" : `${oneLine(who)}, `}${oneLine(address ?? "an unknown address")}`;
  const line = `The admin refused ${oneLine(request.method)} ${target} to ${from}, with ${status}: ${message}`;
  // Opening the page before signing in is not suspicious.
  log(status === 401 && who === undefined && challenge === "" ? "info" : "warn", line, address);
  return {
    outcome: "refused",
    status,
    error: new MaintenanceError(CODES[status], message, { ...(hint !== undefined && { hint }), cause }),
    headers: [
      // Required by RFC 9110 section 11.6.1. No browser shows a dialogue for this scheme.
      ...(status === 401 ? [["WWW-Authenticate", `Bearer realm="maintenance-mode"${challenge}`] as const] : []),
      ...(retryAfter === undefined ? [] : [["Retry-After", String(retryAfter)] as const]),
    ],
  };
}

/** Escapes text from clients, which could otherwise look like another line of the log. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
