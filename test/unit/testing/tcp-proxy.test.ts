import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTcpProxy, type TcpProxy } from "../../../src/testing/doubles/tcp-proxy.ts";

let server: Server;
let proxy: TcpProxy;
let accepted: Socket[];

beforeEach(async () => {
  accepted = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await createTcpProxy({ to: { host: "127.0.0.1", port: (server.address() as AddressInfo).port } });
});

afterEach(async () => {
  await proxy.close();
  for (const socket of accepted) socket.destroy();
  server.close();
});

/** Opens a client that records what it receives and how its connection ends. */
async function openClient() {
  const socket = connect(proxy.port, proxy.host);
  const heard: Buffer[] = [];
  const client = {
    socket,
    text: () => Buffer.concat(heard).toString(),
    closed: new Promise<string>((resolve) => {
      let how = "ended";
      socket.on("error", (error: NodeJS.ErrnoException) => {
        how = error.code ?? error.message;
      });
      socket.once("close", () => resolve(how));
    }),
  };
  socket.on("data", (bytes) => heard.push(bytes));
  await once(socket, "connect");
  return client;
}

async function echoed(client: Awaited<ReturnType<typeof openClient>>, text: string): Promise<void> {
  await expect.poll(() => client.text(), { timeout: 10_000 }).toBe(text);
}

test("everything passes in both directions, complete and in order, to the end", async () => {
  const client = await openClient();
  const text = "0123456789".repeat(500_000);
  client.socket.end(text);
  expect(await client.closed).toBe("ended");
  expect(client.text() === text).toBe(true);
});

test("while paused, no byte passes and no socket is closed; after resuming, the held bytes arrive", async () => {
  const client = await openClient();
  client.socket.write("a");
  await echoed(client, "a");
  proxy.pause();
  client.socket.write("b");
  const second = await openClient();
  second.socket.write("x");
  // A round trip through a second proxy to the same server shows that there was enough time for a reply.
  await roundTripElsewhere();
  expect([client.text(), second.text(), client.socket.destroyed]).toEqual(["a", "", false]);
  expect(proxy.connections()).toBe(2);
  await proxy.resume();
  await echoed(client, "ab");
  await echoed(second, "x");
});

test("cut resets every connection on both sides, and new ones can be made", async () => {
  const client = await openClient();
  client.socket.write("a");
  await echoed(client, "a");
  proxy.cut();
  expect(await client.closed).toBe("ECONNRESET");
  await expect.poll(() => accepted[0]?.destroyed).toBe(true);
  const second = await openClient();
  second.socket.write("b");
  await echoed(second, "b");
});

test("cutAfter(2) resets every connection at the third chunk, and later data passes", async () => {
  const client = await openClient();
  proxy.cutAfter(2);
  client.socket.write("a");
  await echoed(client, "a");
  client.socket.write("b");
  expect(await client.closed).toBe("ECONNRESET");
  const second = await openClient();
  second.socket.write("c");
  await echoed(second, "c");
  proxy.cutAfter(0);
  proxy.cutAfter(Number.POSITIVE_INFINITY);
  second.socket.write("d");
  await echoed(second, "cd");
});

test("while refusing, no new connection is accepted and existing ones stay, until it is resumed", async () => {
  const client = await openClient();
  proxy.refuse();
  await expect(openClient()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  client.socket.write("a");
  await echoed(client, "a");
  await proxy.resume();
  const second = await openClient();
  second.socket.write("b");
  await echoed(second, "b");
});

test("while delayed, bytes arrive later and in order", async () => {
  const client = await openClient();
  proxy.delay(60);
  const began = performance.now();
  client.socket.write("a");
  await expect.poll(() => accepted.length).toBe(1);
  client.socket.write("b");
  await echoed(client, "ab");
  expect(performance.now() - began).toBeGreaterThan(100);
});

test("if the server behind the proxy is gone, clients are reset", async () => {
  server.close();
  const client = await openClient();
  expect(await client.closed).toBe("ECONNRESET");
});

test("closing twice is the same as closing once, and the port refuses connections", async () => {
  const client = await openClient();
  await proxy.close();
  await proxy.close();
  expect(await client.closed).toBe("ECONNRESET");
  expect(proxy.connections()).toBe(0);
  await expect(openClient()).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

async function roundTripElsewhere(): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const other = await createTcpProxy({ to: { host: "127.0.0.1", port } });
  const socket = connect(other.port, other.host);
  socket.write("x");
  await once(socket, "data");
  socket.destroy();
  await other.close();
}
