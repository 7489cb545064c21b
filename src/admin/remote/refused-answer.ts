import * as v from "valibot";
import { ERROR_HINTS, type ErrorCode, MaintenanceError } from "../../errors.ts";
import { plain, shorten } from "../../text/quote.ts";

export interface AdminAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The required members of a `Problem`; the rest is for the page. */
const problemSchema = v.object({ code: v.string(), detail: v.string(), hint: v.string() });

/** Returns the error for an unexpected answer: the server's own refusal, or the answer of a proxy or of another server. */
export function errorOf(url: string, answer: AdminAnswer): MaintenanceError {
  return refusalIn(parse(answer.text)) ?? strayAnswer(url, answer);
}

/** Returns the error for an answer of the API that this release does not know. */
export function notUnderstood(url: string, cause: unknown): MaintenanceError {
  return new MaintenanceError("ERR_NOT_FOUND", `The response of ${url} cannot be read.`, {
    hint: "Use the same release of maintenance-mode here and on the server.",
    cause,
  });
}

/** Whether a proxy answers because the server did not: the request may have been carried out. */
export function isFromProxy({ status, headers, text }: AdminAnswer): boolean {
  if (headers.has("maintenance")) return false;
  return (status === 502 || status === 503 || status === 504) && refusalIn(parse(text)) === null;
}

/** Returns `null` if the body is not a problem of this API. */
export function refusalIn(body: unknown): MaintenanceError | null {
  const found = v.safeParse(problemSchema, body);
  if (!found.success || !isErrorCode(found.output.code)) return null;
  const { code, detail, hint } = found.output;
  return new MaintenanceError(code, plain(detail), { hint: plain(hint) });
}

function strayAnswer(url: string, { status, headers, text }: AdminAnswer): MaintenanceError {
  const type = shorten((headers.get("content-type") ?? "no content type").split(";", 1)[0] ?? "", 40);
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) {
    const target = shorten(location.split(/[?#]/, 1)[0] ?? "", 200);
    return stray(
      `${url} redirects to '${target}', and the token is not sent there.`,
      "If that is where the admin is, pass it as --url; if it is a sign-in page, exempt the admin's API from it.",
    );
  }
  if (headers.has("maintenance")) {
    return stray(`${url} is a closed site, not the admin.`, "Fix the path: it must be the admin's own.");
  }
  if (isFromProxy({ status, headers, text })) {
    return new MaintenanceError(
      "ERR_STORE_UNAVAILABLE",
      `${url} answers ${status} with ${type}: the answer comes from a proxy in front of the admin.`,
      {
        hint: "Check that the application behind the proxy is running.",
      },
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    return stray(
      `${url} answers ${status} with ${type}: a proxy in front of the admin refuses the request.`,
      "Let the proxy pass requests for the admin's API, which checks the token itself.",
    );
  }
  return stray(
    `There is no admin at ${url}: it answers ${status} with ${type}.`,
    "Write the URL as a browser shows it with the admin open, including its path.",
  );
}

function stray(message: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_NOT_FOUND", message, { hint });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_HINTS, code);
}
