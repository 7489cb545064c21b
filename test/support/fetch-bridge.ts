import { createServer, type IncomingMessage, type Server } from "node:http";
import { Readable } from "node:stream";

export type BridgedHandler = (
  request: Request,
  info: { readonly address: string | undefined },
) => Response | Promise<Response>;

/**
 * Returns the URL of a request as platforms build it: an absolute target as it is, any other target below `Host`. A `Host` that is no valid
 * host is replaced by `localhost` in the URL only; the header stays.
 */
function urlOf({ url = "/", headers: { host } }: IncomingMessage): string {
  if (/^https?:/i.test(url) && URL.canParse(url)) return url;
  const base = `http://${host ?? ""}`;
  return `${URL.canParse(base) && new URL(base).host === host?.toLowerCase() ? base : "http://localhost"}${url}`;
}

/** Creates an HTTP server that passes each request to a `fetch` handler and adds nothing of its own. */
export function fetchServer(handler: BridgedHandler): Server {
  return createServer(async (incoming, outgoing) => {
    const left = new AbortController();
    outgoing.on("close", () => left.abort());
    const { method = "GET", rawHeaders, socket } = incoming;
    const headers = new Headers();
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
    const body =
      method === "GET" || method === "HEAD" ? {} : { body: Readable.toWeb(incoming), duplex: "half" as const };
    const request = new Request(urlOf(incoming), { method, headers, signal: left.signal, ...body });
    const response = await handler(request, { address: socket.remoteAddress });
    outgoing.writeHead(response.status, [...response.headers].flat());
    try {
      if (method !== "HEAD") for await (const chunk of response.body ?? []) outgoing.write(chunk);
    } finally {
      outgoing.end();
    }
  });
}
