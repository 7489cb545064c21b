import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** The application behind the adapter under test. Mount the member that the framework takes, for every path and method. */
export interface AppUnderTest {
  /** For frameworks with the request and response of `node:http`. */
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** For frameworks with the request and response of the Fetch standard. */
  fetch(request: Request): Promise<Response>;
  /** For the `upgrade` event of the server. */
  upgrade(request: IncomingMessage, socket: Duplex): void;
  /** Sets headers of the app's own answer before the adapter gets the request, as earlier middleware does. */
  middleware(request: IncomingMessage, response: ServerResponse): void;
}

/** The app, with what the cases observe and control. */
export interface WatchedApp extends AppUnderTest {
  /** Method and path of every request that reached the app, oldest first. */
  readonly seen: readonly string[];
  /** Lets `/stream` write its second half, and resolves `released`. */
  release(): void;
  readonly released: Promise<void>;
}

interface AppAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly chunks: AsyncIterable<string>;
}

const PLAIN: readonly (readonly [string, string])[] = [
  ["Content-Type", "text/plain"],
  ["Cache-Control", "public, max-age=60"],
  ["Set-Cookie", "first=1; Path=/"],
  ["Set-Cookie", "second=2; Path=/"],
];

/** Prefixes of paths with special answers; any other path echoes the request. */
export const STREAM = "/stream";
export const FAILURE = "/failure";
export const REDIRECTION = "/redirection";
export const ARRAY_HEAD = "/array-head";
export const CACHEABLE = "/cacheable";

/** Header fields that make caches store an answer despite its `Cache-Control`. */
export const STORING: readonly (readonly [string, string])[] = [
  ["CDN-Cache-Control", "public, max-age=600"],
  ["Cloudflare-CDN-Cache-Control", "max-age=600"],
  ["Surrogate-Control", "max-age=600"],
  ["Edge-Control", "max-age=600"],
  ["X-Accel-Expires", "600"],
  ["Expires", "Thu, 01 Dec 2044 16:00:00 GMT"],
  ["Age", "7"],
];

/** The path for which `middleware` sets headers, and headers that are wrong for the gate's answer. */
export const PREPARED = "/prepared";
export const DESCRIBING: readonly (readonly [string, string])[] = [
  ...STORING,
  ["Content-Encoding", "gzip"],
  ["Content-Disposition", "attachment"],
  ["ETag", '"of-the-app"'],
  ["Last-Modified", "Thu, 01 Dec 2016 16:00:00 GMT"],
  ["Link", "</app.css>; rel=preload"],
];

export function createApp(): WatchedApp {
  const seen: string[] = [];
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });

  function answer(method: string, target: string, body: string): AppAnswer {
    seen.push(`${method} ${target}`);
    if (target.startsWith(STREAM)) return { status: 200, headers: PLAIN, chunks: halves(released) };
    if (target.startsWith(CACHEABLE)) {
      return { status: 200, headers: [...PLAIN, ...STORING], chunks: once("to be stored") };
    }
    if (target.startsWith(FAILURE)) return { status: 500, headers: PLAIN, chunks: once("the app's own error") };
    if (target.startsWith(REDIRECTION)) {
      return { status: 302, headers: [["Location", "http://localhost/elsewhere"]], chunks: once("") };
    }
    return { status: 200, headers: PLAIN, chunks: once(`${method} ${body.length} ${body.slice(0, 100)}`) };
  }

  return {
    seen,
    release: () => release(),
    released,
    listener(request, response) {
      let body = "";
      request.setEncoding("utf8");
      request.on("data", (chunk: string) => {
        body += chunk;
      });
      request.on("end", () => {
        const target = request.url ?? "";
        void write(
          response,
          answer(request.method ?? "", target, body),
          [ARRAY_HEAD, `${CACHEABLE}/list`].some((path) => target.startsWith(path)),
        );
      });
    },
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const { status, headers, chunks } = answer(request.method, pathname, await request.text());
      // Created by the platform: its headers cannot be changed.
      if (status === 302) return Response.redirect(headers[0]?.[1] ?? "", status);
      return new Response(ReadableStream.from(encoded(chunks)), { status, headers: headers.map(([...pair]) => pair) });
    },
    upgrade(request, socket) {
      seen.push(`UPGRADE ${request.url}`);
      socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nupgraded");
    },
    middleware(request, response) {
      if (request.url !== PREPARED) return;
      for (const [name, value] of [...DESCRIBING, ["X-Frame-Options", "DENY"]] as const)
        response.setHeader(name, value);
    },
  };
}

async function write(
  response: ServerResponse,
  { status, headers, chunks }: AppAnswer,
  asArray: boolean,
): Promise<void> {
  if (asArray) {
    response.writeHead(status, headers.flat());
  } else {
    response.statusCode = status;
    for (const [name, value] of headers) response.appendHeader(name, value);
  }
  for await (const chunk of chunks) response.write(chunk);
  response.end();
}

async function* once(text: string): AsyncIterable<string> {
  if (text !== "") yield text;
}

async function* halves(between: Promise<void>): AsyncIterable<string> {
  yield "first half, ";
  await between;
  yield "second half";
}

async function* encoded(chunks: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const chunk of chunks) yield encoder.encode(chunk);
}
