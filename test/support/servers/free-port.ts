import { once } from "node:events";
import { createServer } from "node:net";

/** Below the kernel's range for outgoing connections, so that none of them takes the port before the server does. */
const FIRST = 20_000;
const LAST = 31_999;
const given = new Set<number>();

/** Returns a free TCP port of 127.0.0.1 that this process has not returned before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
