import type { Agent, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

export interface WireRequest {
  readonly method?: string;
  /** Sent unchanged, without the normalisation of `fetch`. */
  readonly path?: string;
  /** A list sends the header several times. */
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
  /** Called with the first chunk of the body. */
  readonly onFirstChunk?: () => void;
}

export interface WireAnswer {
  readonly status: number;
  /** By lower-case name; of repeated headers the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: readonly string[];
  readonly body: string;
  /** The client's port: the same for answers on one connection. */
  readonly connection: number;
}

/** Sends one request to a server on this machine and returns the answer as it is on the wire. */
export async function send(url: string, wire: WireRequest = {}): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const { method = "GET", path = "/", headers = {}, agent = false, signal } = wire;
  const { request } = await loadHttp();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent, ...(signal && { signal }) });
    sent.on("response", resolve).on("upgrade", resolve).on("error", reject);
    sent.end(wire.body);
  });
  const connection = answer.socket.localPort ?? 0;
  answer.once("data", () => wire.onFirstChunk?.());
  const body = answer.statusCode === 101 ? "" : await text(answer);
  if (answer.statusCode === 101) answer.socket.destroy();
  return {
    status: answer.statusCode ?? 0,
    headers: pairsOf(answer.rawHeaders),
    cookies: answer.headers["set-cookie"] ?? [],
    body,
    connection,
  };
}

/** Returns an agent for consecutive requests over one connection; `destroy()` closes it. */
export async function keepConnection(): Promise<Agent> {
  const { Agent } = await loadHttp();
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

/** Loaded when needed: the import initialises all of `fetch`. */
async function loadHttp(): Promise<typeof import("node:http")> {
  return import("node:http");
}

/** Sends `request` unchanged on a new connection, and resolves with everything received until the other side closed it. */
export async function sendText(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(request);
  return text(socket);
}

function pairsOf(raw: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.set((raw[i] ?? "").toLowerCase(), raw[i + 1] ?? "");
  return pairs;
}
