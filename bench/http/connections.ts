import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { answerLength } from "./answer.ts";

/**
 * Keep-alive connections to one server, each with at most one request under way. They read no more of an answer than its length, into a
 * buffer that all of them share, so that the client costs less than the server and never limits the rate.
 */
export interface Connections {
  /** Sends requests for `milliseconds`, in turn from the given ones. Returns the number of answers. */
  load(milliseconds: number): Promise<number>;
  close(): void;
}

/** Bytes for one read: an answer of a measured server always fits. */
const READ_BYTES = 65_536;
const shared = Buffer.alloc(READ_BYTES);

/** Opens `count` connections to `port`. `requests` are the bytes to send, in turn. */
export async function openConnections(port: number, requests: readonly Buffer[], count: number): Promise<Connections> {
  let next = 0;
  let answers = 0;
  let busy = 0;
  let deadline = 0;
  let settle: { resolve(): void; reject(error: Error): void } | null = null;

  const send = (socket: Socket): void => {
    const request = requests[next];
    next = next + 1 === requests.length ? 0 : next + 1;
    if (request !== undefined) socket.write(request);
  };
  const answered = (socket: Socket): void => {
    answers += 1;
    if (performance.now() < deadline) {
      send(socket);
      return;
    }
    busy -= 1;
    if (busy === 0) settle?.resolve();
  };
  const fail = (why: string): void => settle?.reject(new Error(`The server on port ${port}: ${why}.`));

  // A client that sleeps is woken by the server, which costs the server up to a third of its time: only those that are slower than the
  // client would pay it.
  const stayAwake = (): void => {
    if (settle !== null) setImmediate(stayAwake);
  };

  const open = async (): Promise<Socket> => {
    let missing = 0;
    const read = (bytes: number): boolean => {
      if (missing === 0) missing = answerLength(shared, bytes);
      missing -= bytes;
      if (missing === 0) answered(socket);
      else if (missing < 0) fail("sent more than one answer");
      return true;
    };
    const socket = connect({ port, host: "127.0.0.1", noDelay: true, onread: { buffer: shared, callback: read } });
    await once(socket, "connect");
    socket.on("close", () => fail("closed a connection")).on("error", ({ message }) => fail(message));
    return socket;
  };
  const sockets = await Promise.all(Array.from({ length: count }, open));

  return {
    async load(milliseconds) {
      answers = 0;
      busy = count;
      deadline = performance.now() + milliseconds;
      await new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
        for (const socket of sockets) send(socket);
        stayAwake();
      }).finally(() => {
        settle = null;
      });
      return answers;
    },
    close() {
      for (const socket of sockets) socket.removeAllListeners("close").destroy();
    },
  };
}
