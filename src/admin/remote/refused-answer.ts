import * as v from "valibot";
import { ERROR_HINTS, type ErrorCode, MaintenanceError } from "../../errors.ts";
import { plain, shorten } from "../../text/quote.ts";

export interface AdminAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What there must be of a `Problem`; the rest is for the page. */
const problemSchema = v.object({ code: v.string(), detail: v.string(), hint: v.string() });

/** An answer that is not what was asked for: the server's own refusal, or the answer of a proxy or another server. */
export function errorOf(url: string, answer: AdminAnswer): MaintenanceError {
  return refusalIn(answer) ?? strayAnswer(url, answer);
}

/** The API answered, and in a way that this release does not know. */
export function notUnderstood(url: string, cause: unknown): MaintenanceError {
  return new MaintenanceError("ERR_NOT_FOUND", `What ${url} answers is not understood here.`, {
    hint: "Use the same release of maintenance-mode here and on the server.",
    cause,
  });
}

/** `null`: no problem of ours. */
function refusalIn({ text }: AdminAnswer): MaintenanceError | null {
  const found = v.safeParse(problemSchema, parse(text));
  if (!found.success || !isErrorCode(found.output.code)) return null;
  const { code, detail, hint } = found.output;
  return new MaintenanceError(code, plain(detail), { hint: plain(hint) });
}

function strayAnswer(url: string, { status, headers }: AdminAnswer): MaintenanceError {
  const type = shorten((headers.get("content-type") ?? "nothing in particular").split(";", 1)[0] ?? "", 40);
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) {
    const target = shorten(location.split(/[?#]/, 1)[0] ?? "", 200);
    return stray(
      `${url} sends on to '${target}', and the token does not go along.`,
      "If that is where the admin is, name it with --url; if it is a sign-in page, let the admin's API pass it.",
    );
  }
  if (headers.has("maintenance")) {
    return stray(`At ${url} a closed site answers, and no admin.`, "Fix the path: it has to be the admin's own.");
  }
  if (status === 502 || status === 503 || status === 504) {
    return new MaintenanceError(
      "ERR_STORE_UNAVAILABLE",
      `${url} answers ${status} with ${type}: not the admin, but a proxy in front.`,
      {
        hint: "See whether the application behind the proxy runs.",
      },
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    return stray(
      `${url} answers ${status} with ${type}: a proxy in front of the admin refuses the request.`,
      "Let the admin's API pass there: it checks the token itself.",
    );
  }
  return stray(
    `There is no admin at ${url}: it answers ${status} with ${type}.`,
    "Write the URL as a browser shows it with the admin open, its path included.",
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
