import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy that counts the bytes that it relays. */
export interface CountingRelay {
  readonly port: number;
  /** Returns the bytes relayed in both directions since the last call. */
  taken(): number;
  /** Breaks all connections; later ones lead to another port. */
  moveTo(port: number): void;
  close(): Promise<void>;
}

export async function startCountingRelay(to: number): Promise<CountingRelay> {
  const sockets = new Set<Socket>();
  let bytes = 0;
  let target = to;
  const forward = (from: Socket, other: Socket): void => {
    sockets.add(from);
    from.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    from.on("error", () => {});
    from.once("close", () => other.destroy());
    from.pipe(other);
  };
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    forward(client, upstream);
    forward(upstream, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    taken() {
      const passed = bytes;
      bytes = 0;
      return passed;
    },
    moveTo(port) {
      target = port;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
