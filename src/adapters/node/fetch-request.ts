import type { IncomingMessage } from "node:http";
import { hasSeveralHosts } from "../../rules/hosts/host.ts";
import { hostOfRequest } from "./facts.ts";

const ORIGIN = /^https?:\/\/[^/?#]*/i;
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
/** Methods that the Fetch standard forbids in a `Request`. */
const FOREIGN_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Returns the request as a `Request` of the Fetch standard, or `null` if that is not possible. `target` must be as received, and clear. */
export function toFetchRequest(request: IncomingMessage, target: string, signal: AbortSignal): Request | null {
  const { method = "GET", headers, rawHeaders, socket } = request;
  const authority = hostOfRequest(request, target) ?? "localhost";
  // A host such as `a/b?` would change the path of the URL.
  if (!HOST.test(authority) || hasSeveralHosts(rawHeaders) || FOREIGN_METHODS.has(method)) return null;
  const scheme = "encrypted" in socket && socket.encrypted === true ? "https" : "http";
  const path = target.replace(ORIGIN, "");
  const url = `${scheme}://${authority}${path.startsWith("/") ? "" : "/"}${path}`;
  const body = method === "GET" || method === "HEAD" ? null : bodyOf(request);
  try {
    const init = { method, headers: fetchHeaders(rawHeaders, headers.cookie), signal };
    return new Request(url, body === null ? init : { ...init, body, duplex: "half" });
  } catch {
    return null;
  }
}

function fetchHeaders(raw: readonly string[], cookie: string | undefined): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    if (!name.startsWith(":") && name.toLowerCase() !== "cookie") headers.append(name, raw[i + 1] ?? "");
  }
  // HTTP/2 may split it into several fields (RFC 9113 section 8.2.3).
  if (cookie !== undefined) headers.set("cookie", cookie);
  return headers;
}

function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> | Uint8Array | string {
  return request.readableEnded ? parsedBody(request) : unreadBody(request);
}

/** Returns the body that middleware such as `express.json()` has parsed, serialized again. */
function parsedBody(request: IncomingMessage): Uint8Array | string {
  const body: unknown = Reflect.get(request, "body");
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  if (typeof body !== "object" || body === null) return "";
  if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return JSON.stringify(body);
  const pairs = Object.entries(body).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(pairs).toString();
}

/** Cancelling the stream does not destroy the connection: the answer is still written to it. */
function unreadBody(request: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = request.iterator({ destroyOnReturn: false });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        // Not awaited: it resolves with the next chunk, which may never arrive.
        void chunks.return?.().catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}
