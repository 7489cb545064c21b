import { createServer, type RequestListener, type Server } from "node:http";
import { connect, createServer as createHttp2Server, type IncomingHttpHeaders } from "node:http2";
import express from "express";
import { afterEach, describe, expect, test } from "vitest";
import { expressMaintenance } from "../../../src/adapters/express.ts";
import { guard } from "../../../src/adapters/node.ts";
import { createGate } from "../../../src/gate.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { send, sendText } from "../../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../../src/testing/adapters/conformance.ts";
import { breakPlans, countDecisions, testGate } from "../../support/closed-gate.ts";
import { serve } from "../../support/serve.ts";

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

async function listen(server: Server): Promise<string> {
  const it = await serve(server);
  served.push(it);
  return it.url;
}

const hello: RequestListener = (_request, response) => void response.end("hello");
const withCookie = { headers: { Cookie: "session=1" } };

describe("guard", () => {
  test("runs before listeners that are added after it", async () => {
    const { gate, close } = await testGate();
    const server = createServer();
    guard(server, gate);
    server.on("request", hello);
    const url = await listen(server);
    expect((await send(url)).body).toBe("hello");
    await close();
    expect((await send(url)).status).toBe(503);
  });

  test("can be removed, and leaves the previous listeners", async () => {
    const { gate, close } = await testGate();
    await close();
    const server = createServer(hello);
    const before = Object.getOwnPropertyDescriptors(server);
    const remove = guard(server, gate);
    remove();
    remove();
    expect(Object.getOwnPropertyDescriptors(server)).toEqual(before);
    expect((await send(await listen(server))).status).toBe(200);
  });

  test("passes every request after its removal, even if other code has wrapped it since", async () => {
    const { gate, close } = await testGate();
    await close();
    const server = createServer(hello);
    const remove = guard(server, gate);
    const { emit } = server;
    const wrapped = (...values: unknown[]): boolean => Reflect.apply(emit, server, values);
    server.emit = wrapped;
    remove();
    expect(server.emit).toBe(wrapped);
    expect((await send(await listen(server))).status).toBe(200);
  });

  test("refuses a value that is not a server, and one that is not a gate", async () => {
    const { gate } = await testGate();
    const app = express() as unknown as Server;
    expect(() => guard(app, gate)).toThrow("guard: a function is not a server.");
    // @ts-expect-error JavaScript callers are not type-checked.
    expect(() => guard(createServer(), {})).toThrow("guard: an object is not a gate.");
  });

  test("answers 503 before 100 Continue asks for a body", async () => {
    const { gate, close } = await testGate();
    await close();
    const server = createServer(hello).on("checkContinue", hello);
    guard(server, gate);
    const request =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    expect(await sendText(await listen(server), request)).toMatch(/^HTTP\/1\.1 503 /);
  });

  test("treats an upgrade without a listener as an ordinary request, as Node does", async () => {
    const { gate, close } = await testGate();
    const server = createServer(hello);
    guard(server, gate);
    const url = await listen(server);
    const upgrade = { headers: { Connection: "Upgrade", Upgrade: "h2c" } };
    expect((await send(url, upgrade)).body).toBe("hello");
    await close();
    expect((await send(url, upgrade)).status).toBe(503);
  });

  test("runs before the compatibility API of HTTP/2, and uses :authority", async () => {
    const { gate, close } = await testGate({ sites: { shop: { hosts: ["shop.example"] } } });
    await close({ sites: ["shop"] });
    const server = createHttp2Server((_request, response) => void response.end("hello"));
    guard(server, gate);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const client = connect(`http://127.0.0.1:${port}`);
    const ask = (authority: string, host: Readonly<Record<string, string>> = {}) =>
      new Promise<IncomingHttpHeaders & { ":status"?: number }>((resolve) => {
        client
          .request({ ":authority": authority, ...host })
          .on("response", resolve)
          .resume();
      });
    const shop = await ask("shop.example");
    expect([shop[":status"], shop["cache-control"]]).toEqual([503, "no-store"]);
    expect((await ask("blog.example"))[":status"]).toBe(200);
    // Without a listener for CONNECT, Node responds itself, and the request does not hang.
    for (const authority of ["blog.example:443", "shop.example:443"]) {
      expect((await ask(authority, { ":method": "CONNECT" }))[":status"]).toBe(405);
    }
    // If a request has two names, both sites must be open; a name that cannot be parsed may belong to any site.
    expect((await ask("blog.example", { host: "blog.example:443" }))[":status"]).toBe(200);
    expect((await ask("blog.example", { host: "shop.example" }))[":status"]).toBe(503);
    expect((await ask("shop.example", { host: "blog.example" }))[":status"]).toBe(503);
    expect((await ask("shop.example:x"))[":status"]).toBe(503);
    // If the scheme is neither http nor https, the path need not begin with a slash.
    for (const path of ["http://blog.example/x", "x", "blog.example"]) {
      expect((await ask("shop.example", { ":scheme": "other", ":path": path }))[":status"]).toBe(503);
    }
    client.close();
    server.close();
  });

  test("closes a connection that it cannot answer, reports the error and continues", async () => {
    const { gate, close, errors } = await testGate();
    await close();
    breakPlans(gate);
    const server = createServer(hello).on("upgrade", () => {});
    guard(server, gate);
    const url = await listen(server);
    await expect(send(url)).rejects.toThrow("socket hang up");
    await expect(send(url, { headers: { Connection: "Upgrade", Upgrade: "websocket" } })).rejects.toThrow();
    expect(errors).toEqual(Array(2).fill("GET / could not be answered, so its connection was closed: no plan"));
  });

  test("waits for the first load, so that a closed site stays closed across a restart", async () => {
    const store = memoryStore();
    await (await testGate({ store })).close();
    const server = createServer(hello);
    guard(server, createGate({ store }));
    expect((await send(await listen(server))).status).toBe(503);
  });
});

describe("guard and the inside middleware", () => {
  const options = { exempt: { users: { authenticated: true } }, getUser: () => ({ name: "someone" }) };

  test("decide once for each request, wherever that happens", async () => {
    const { gate, close } = await testGate({ ...options, exempt: { ...options.exempt, paths: ["/health"] } });
    await close();
    const decisions = countDecisions(gate);
    const server = createServer(express().use(expressMaintenance(gate)).use(hello));
    guard(server, gate);
    const url = await listen(server);
    expect((await send(url, { path: "/health" })).status).toBe(200);
    expect(decisions()).toBe(1);
    expect((await send(url)).status).toBe(503);
  });

  test("pass only clients with a session on to the inside", async () => {
    const asked: unknown[] = [];
    const getUser = (request: object): unknown => asked.push(Reflect.get(request, "session"));
    const { gate, close } = await testGate({ ...options, getUser });
    await close();
    const app = express().use((request, _response, next) => {
      Reflect.set(request, "session", "the session");
      next();
    });
    const server = createServer(app.use(expressMaintenance(gate)).use(hello));
    guard(server, gate);
    const url = await listen(server);
    expect((await send(url)).status).toBe(503);
    expect((await send(url, withCookie)).status).toBe(200);
    expect(asked).toEqual(["the session"]);
  });

  test("do not change what middleware adds around the answer of an exempt user", async () => {
    const { gate, close } = await testGate(options);
    await close();
    const app = express().use(expressMaintenance(gate));
    app.use((_request, response, next) => {
      const { end } = response;
      response.end = () => Reflect.apply(end, response, ["wrapped"]);
      next();
    });
    const server = createServer(app.use((_request, response) => void response.end()));
    guard(server, gate);
    const answer = await send(await listen(server), withCookie);
    expect([answer.body, answer.headers.get("maintenance")]).toEqual(["wrapped", "bypass;rule=user"]);
  });

  test("mark an answer that passes, even if the inside never saw the request", async () => {
    const users = (user: unknown): boolean => user === undefined;
    const { gate, close } = await testGate({ exempt: { users } });
    await close();
    expressMaintenance(gate);
    const server = createServer(hello);
    guard(server, gate);
    const answer = await send(await listen(server), withCookie);
    expect([answer.body, answer.headers.get("maintenance")]).toEqual(["hello", "bypass;rule=user"]);
  });
});
