import type { IncomingMessage, ServerResponse } from "node:http";
import { systemClock } from "../../clock.ts";
import { lengthOf } from "../../engine/answer/response-plan.ts";
import { MaintenanceError } from "../../errors.ts";
import { normalizePath } from "../../rules/paths/normalize.ts";
import { answerNode } from "./answer.ts";
import { toFetchRequest } from "./fetch-request.ts";

/** The members of an admin that adapters use. */
export interface MountableAdmin {
  readonly basePath: string;
  fetch(
    request: Request,
    info: { readonly address?: string | undefined; readonly request?: object | undefined },
  ): Promise<Response>;
}

/** Answers that are written as they come. */
const STREAMS: readonly string[] = ["text/event-stream", "application/x-ndjson"];

/** Throws `ERR_INVALID_OPTION`, for callers without a type checker. */
export function requireAdmin(adapter: string, admin: unknown): void {
  if (typeof admin === "object" && admin !== null && "fetch" in admin && "basePath" in admin) return;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${adapter}: '${String(admin)}' is not an admin.`, {
    hint: "Pass the object that createAdmin({ controller, gate }) has returned.",
  });
}

/** Whether `target`, as received, is a path of the admin. An unclear path is not. */
export function isForAdmin({ basePath }: MountableAdmin, target: string): boolean {
  const path = normalizePath(target);
  return path !== null && (path === basePath || path.startsWith(`${basePath}/`));
}

/** Passes the request to the admin, and writes its answer. Never rejects. */
export async function answerWithAdmin(
  admin: MountableAdmin,
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
): Promise<void> {
  const left = new AbortController();
  response.once("close", () => left.abort());
  try {
    const asked = toFetchRequest(request, target, left.signal);
    if (asked === null) {
      answerNode(request, response, { status: 400, headers: lengthOf(""), body: null }, systemClock);
      return;
    }
    const answer = await admin.fetch(asked, { address: request.socket.remoteAddress, request });
    const contentType = answer.headers.get("content-type") ?? "";
    const isStream = STREAMS.some((type) => contentType.startsWith(type));
    await (isStream ? writeStream(answer, response) : writeWhole(answer, request, response));
  } catch {
    // The client has disconnected, or the answer has begun: no other answer can be sent.
    response.destroy();
  }
}

async function writeWhole(answer: Response, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = answer;
  const text = body === null ? null : await answer.text();
  const length = text === null ? [] : lengthOf(text);
  // The connection closes: the rest of an unread body must not be read as the next request.
  const isUnread = (status === 408 || status === 413) && request.httpVersionMajor === 1;
  const headers = [...headersOf(answer), ...length, ...(isUnread ? ["Connection", "close"] : [])];
  answerNode(request, response, { status, headers, body: text }, systemClock);
}

async function writeStream(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, [...headersOf(answer)]);
  response.flushHeaders();
  for await (const chunk of answer.body ?? []) {
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

/** Resolves when `response` can be written again, or was closed. */
async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}

function headersOf({ headers }: Response): readonly string[] {
  return [...headers].flat();
}
