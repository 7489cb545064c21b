import { createServer, IncomingMessage, type RequestListener, type Server, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { guard } from "../../src/adapters/node.ts";
import { createController, createGate } from "../../src/index.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { createFakeClock } from "../../src/testing/doubles/fake-clock.ts";

/** A server whose `request` event is emitted by hand, so that what a request costs is counted without a socket. */
export type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/** Returns a server that is never listening, with a gate in front of it that no timer interrupts. */
export async function guardedServer(mode: "open and uncounted" | "open" | "closed"): Promise<Server> {
  const fleet: "presence" | false = mode === "open and uncounted" ? false : "presence";
  const options = { store: memoryStore(), clock: createFakeClock(), fleet };
  if (mode === "closed") await createController(options).close("*");
  const gate = createGate(options);
  await gate.ready();
  // What begins with the gate ends now, and not while calls are counted.
  await options.clock.advance(0);
  const server = bareServer();
  guard(server, gate);
  return server;
}

export function bareServer(): Server {
  const end: RequestListener = (_request, response) => void response.end();
  return createServer(end);
}

/** Returns requests of a browser, each with a response whose bytes go nowhere. */
export function exchanges(count: number): readonly Exchange[] {
  return Array.from({ length: count }, () => {
    const request = new IncomingMessage(new Socket());
    request.method = "GET";
    request.url = "/shop/items/4711";
    request.httpVersionMajor = 1;
    request.httpVersionMinor = 1;
    request.rawHeaders = ["Host", "shop.example", "Accept", "text/html", "Accept-Language", "de, en;q=0.8"];
    request.headers = { host: "shop.example", accept: "text/html", "accept-language": "de, en;q=0.8" };
    request.complete = true;
    const response = new SilentResponse(request);
    response.assignSocket(request.socket);
    return [request, response];
  });
}

/** The work of node:http itself for an answer is far more than what is counted, and differs between its versions. */
class SilentResponse extends ServerResponse {
  override writeHead(): this {
    return this;
  }
  override end(): this {
    return this;
  }
}
