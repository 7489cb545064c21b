import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy that breaks each connection after some bytes of the response. The number of bytes grows with each connection. */
export interface BreakingProxy {
  readonly port: number;
  /** Resolves at the first connection that is no longer broken. */
  readonly reached: Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the proxy in front of the port `to`. Each number of bytes below `bytes` is used for two connections: one is reset, as by a killed
 * server, and one is ended, as by a server that stops. Later connections are not broken.
 */
export async function startBreakingProxy(to: number, bytes: number): Promise<BreakingProxy> {
  const sockets = new Set<Socket>();
  let next = 0;
  let reach = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });

  const server = createServer((client) => {
    const upstream = connect(to, "127.0.0.1");
    const limit = next < 2 * bytes ? Math.floor(next / 2) : Number.POSITIVE_INFINITY;
    const isReset = next % 2 === 0;
    next += 1;
    if (limit === Number.POSITIVE_INFINITY) reach();
    let passed = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true).on("error", () => {});
    }
    const breakOff = (): void => {
      upstream.destroy();
      if (isReset) client.resetAndDestroy();
      else client.end();
    };
    client.on("data", (chunk) => void upstream.write(chunk));
    upstream.on("data", (chunk) => {
      const part = chunk.subarray(0, limit - passed);
      passed += part.length;
      client.write(part, () => {
        if (passed >= limit) breakOff();
      });
    });
    client.once("close", () => {
      sockets.delete(client);
      upstream.destroy();
    });
    upstream.once("close", () => {
      sockets.delete(upstream);
      client.destroy();
    });
    if (limit === 0) breakOff();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    reached,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
