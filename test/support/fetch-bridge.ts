import { createServer, type IncomingMessage, type Server } from "node:http";
import { Readable } from "node:stream";

export type BridgedHandler = (
  request: Request,
  info: { readonly address: string | undefined },
) => Response | Promise<Response>;

/** As platforms make it: from an absolute target, else from `Host`; what names no host keeps its header. */
function urlOf({ url = "/", headers: { host } }: IncomingMessage): string {
  if (/^https?:/i.test(url) && URL.canParse(url)) return url;
  const base = `http://${host ?? ""}`;
  return `${URL.canParse(base) && new URL(base).host === host?.toLowerCase() ? base : "http://localhost"}${url}`;
}

/** A server that serves a `fetch` handler over HTTP, with nothing of its own. */
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
