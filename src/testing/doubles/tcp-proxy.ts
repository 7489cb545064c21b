import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** The options of `createTcpProxy`. */
export interface TcpProxyOptions {
  /** The server behind the proxy. */
  readonly to: { readonly host: string; readonly port: number };
}

/** A proxy in front of a real server that fails as networks do. Listens on 127.0.0.1. */
export interface TcpProxy {
  readonly host: string;
  /** A free port, constant until the proxy is closed. */
  readonly port: number;
  /**
   * Stops all data in both directions without closing any socket. New connections are accepted, and carry no data either.
   */
  pause(): void;
  /** Refuses new connections from now on. Existing ones remain. */
  refuse(): void;
  /** Resets every connection on both sides (RST). New ones are accepted. */
  cut(): void;
  /** Passes the given number of chunks, in either direction, and then does as `cut` instead of passing the next. `Infinity` resets it. */
  cutAfter(pieces: number): void;
  /** Delays all data, and the end of connections, by the given milliseconds from now on; 0 resets it. */
  delay(milliseconds: number): void;
  /** Ends `pause` and `refuse`. Data that was held back is delivered in order. */
  resume(): Promise<void>;
  /** Number of connected clients. */
  connections(): number;
  /** Resets every connection and stops listening. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a proxy on 127.0.0.1. Resolves once it listens.
 * @example
 * const proxy = await createTcpProxy({ to: { host: "127.0.0.1", port: 5432 } });
 * const store = postgresStore({ url: `postgres://127.0.0.1:${proxy.port}/shop` });
 * proxy.cut();
 */
export async function createTcpProxy({ to }: TcpProxyOptions): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  const sockets = new Set<Socket>();
  const flushes = new Set<() => void>();
  let paused = false;
  let lateness = 0;
  let piecesLeft = Number.POSITIVE_INFINITY;
  let closed = false;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ ...to, allowHalfOpen: true });
    clients.add(client);
    client.once("close", () => clients.delete(client));
    forward(client, upstream);
    forward(upstream, client);
  });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  /** Forwards the data of `from` in its order, and then its end or its error. */
  function forward(from: Socket, to: Socket): void {
    const held: { readonly due: number; readonly pass: () => void }[] = [];
    const flush = (): void => {
      while (!paused && held[0] !== undefined && held[0].due <= Date.now()) held.shift()?.pass();
    };
    /** Checked against the clock: on a busy machine timers can fire early, since they count from the start of their turn of the loop. */
    const flushWhen = (due: number): void => {
      const left = due - Date.now();
      if (left > 0) setTimeout(flushWhen, left, due);
      else flush();
    };
    const hold = (pass: () => void): void => {
      const due = Date.now() + lateness;
      held.push({ due, pass });
      flushWhen(due);
    };
    sockets.add(from);
    flushes.add(flush);
    from.setNoDelay(true);
    from.on("data", (bytes) => {
      piecesLeft -= 1;
      if (piecesLeft < 0) {
        piecesLeft = Number.POSITIVE_INFINITY;
        cut();
        return;
      }
      hold(() => {
        if (to.write(bytes)) return;
        from.pause();
        to.once("drain", () => from.resume());
      });
    });
    from.once("end", () => hold(() => to.end()));
    // Ignored: "close" follows.
    from.on("error", () => {});
    from.once("close", (failed) => {
      sockets.delete(from);
      hold(() => {
        flushes.delete(flush);
        if (failed) to.resetAndDestroy();
      });
    });
  }

  async function listen(at: number): Promise<void> {
    server.listen(at, "127.0.0.1");
    await once(server, "listening");
  }

  function cut(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  return {
    host: "127.0.0.1",
    port,
    pause() {
      paused = true;
    },
    refuse() {
      server.close();
    },
    cut,
    cutAfter(pieces) {
      piecesLeft = pieces;
    },
    delay(milliseconds) {
      lateness = milliseconds;
    },
    async resume() {
      paused = false;
      for (const flush of flushes) flush();
      if (!server.listening && !closed) await listen(port);
    },
    connections: () => clients.size,
    async close() {
      if (closed) return;
      closed = true;
      const ended = server.listening ? once(server, "close") : null;
      server.close();
      cut();
      await ended;
    },
  };
}
