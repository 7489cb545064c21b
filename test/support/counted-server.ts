import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach } from "vitest";
import { guard } from "../../src/adapters/node.ts";
import { countingGate } from "./counting-gate.ts";
import { serve } from "./serve.ts";

/** Called after each test. */
export const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

export interface Held {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** An application whose requests stay open until the test answers them. */
export function holdingApp() {
  const held: Held[] = [];
  const waiting: ((one: Held) => void)[] = [];
  const listener: RequestListener = (incoming, response) => {
    const one = { request: incoming, response };
    const next = waiting.shift();
    if (next === undefined) held.push(one);
    else next(one);
  };
  /** Resolves with the next request that the application gets. */
  const next = async (): Promise<Held> => held.shift() ?? new Promise((resolve) => waiting.push(resolve));
  return { listener, next, held };
}

/** A server with a guard in front of `listener`. */
export async function guarded(options: Parameters<typeof countingGate>[0] = {}, listener?: RequestListener) {
  const test = await countingGate(options);
  const app = holdingApp();
  const server = createServer(listener ?? app.listener);
  guard(server, test.gate);
  const { url, close } = await serve(server);
  cleanUps.push(close, () => test.gate.close());
  return { ...test, ...app, server, url };
}

/** Sends `text` over a connection of its own. */
export async function raw(url: string, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {});
  cleanUps.push(() => socket.destroy());
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

export const get = (path: string, host = "shop.example"): string => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
export const UPGRADE = get("/live").replace("\r\n\r\n", "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
