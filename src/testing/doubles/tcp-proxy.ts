import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpProxyOptions {
  /** The server that stands behind it. */
  readonly to: { readonly host: string; readonly port: number };
}

/** Stands before a real server, and fails as networks do. Listens on 127.0.0.1. */
export interface TcpProxy {
  readonly host: string;
  /** A free port, the same for as long as it lives. */
  readonly port: number;
  /**
   * Half-open: from now on no byte passes either way, and no socket is told. New connections are made, and are as silent.
   */
  pause(): void;
  /** From now on new connections are refused. Those that exist stay. */
  refuse(): void;
  /** Resets every connection on both sides (RST). New ones may be made. */
  cut(): void;
  /** Passes so many more pieces of data, whichever way they go, and does as `cut` instead of passing the next. `Infinity` takes it back. */
  cutAfter(pieces: number): void;
  /** From now on every byte, and every end, arrives so many milliseconds later; 0 takes it back. */
  delay(milliseconds: number): void;
  /** Ends `pause` and `refuse`. What was held back arrives, in order. */
  resume(): Promise<void>;
  /** How many clients are connected. */
  connections(): number;
  /** Resets every connection and stops listening. Idempotent. */
  close(): Promise<void>;
}

/** Makes a proxy that already listens. */
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

  /** Passes on what `from` says, in order, and its end or its failure too. */
  function forward(from: Socket, to: Socket): void {
    const held: { readonly due: number; readonly pass: () => void }[] = [];
    const flush = (): void => {
      while (!paused && held[0] !== undefined && held[0].due <= Date.now()) held.shift()?.pass();
    };
    /** By the clock, and not by one timer: on a busy machine those ring early, counting from when their turn of the loop began. */
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
    // The failure itself: "close" follows it.
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
