import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import express5 from "express";
import { describe, expect, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import type { BarrierTarget } from "../../src/fleet/barrier.ts";
import { MAX_LEFT_MS, STREAM_MS } from "../../src/fleet/under-way.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { send } from "../../src/testing/adapters/client.ts";
import { cleanUps, get, guarded, holdingApp, raw, UPGRADE } from "../support/counted-server.ts";
import { type CountingGate, countingGate } from "../support/counting-gate.ts";
import { serve } from "../support/serve.ts";

const target = (given: Partial<BarrierTarget> = {}): readonly BarrierTarget[] => [
  { site: "*", mode: "closed", paths: [], version: null, ...given },
];
const countsOf = ({ gate }: CountingGate, given: Partial<BarrierTarget> = {}) =>
  gateInternals(gate).underWay?.countsOf(target(given));

describe("a guard counts", () => {
  test("an upload while its body arrives, until it is answered, and names it without its query", async () => {
    const it = await guarded({ sites: { shop: { hosts: ["shop.example"] } } });
    const upload = request(`${it.url}/import?token=secret`, { method: "POST", headers: { Host: "shop.example" } });
    const answered = once(upload, "response");
    upload.write("first part");
    const { request: received, response } = await it.next();
    await once(received, "data");
    expect(it.counts()).toMatchObject({
      requests: 1,
      writes: 1,
      streams: 0,
      oldest: { what: "POST /import", site: "shop", since: it.clock.now() },
    });
    upload.end("the rest");
    received.resume();
    await once(received, "end");
    expect(it.counts().requests).toBe(1);
    response.end();
    await answered;
    await it.reach({});
  });

  test("a download until the client cuts it", async () => {
    const it = await guarded();
    const client = await raw(it.url, get("/large"));
    const { response } = await it.next();
    response.write("first part");
    await once(client, "data");
    expect(it.counts().requests).toBe(1);
    client.destroy();
    await it.reach({});
  });

  test("every request of a connection that is kept alive, one after the other", async () => {
    const it = await guarded();
    const client = await raw(it.url, get("/1"));
    for (const path of ["/2", "/3", "/4"]) {
      (await it.next()).response.end();
      await once(client, "data");
      await it.reach({});
      client.write(get(path));
    }
    await it.next();
    expect(it.counts()).toMatchObject({ requests: 1, oldest: { what: "GET /4" } });
  });

  test("pipelined requests, also those that wait for an earlier one when the connection is cut", async () => {
    const it = await guarded();
    const client = await raw(it.url, get("/1") + get("/2") + get("/3"));
    const first = await it.next();
    const second = await it.next();
    const third = await it.next();
    expect(it.counts()).toMatchObject({ requests: 3, oldest: { what: "GET /1" } });
    second.response.end("second");
    first.response.end("first");
    await it.reach({ requests: 1 });
    const closed = new Promise((resolve) => third.request.socket.once("close", resolve));
    client.destroy();
    await closed;
    await it.clock.advance(MAX_LEFT_MS);
    await it.reach({});
  });

  test("server-sent events as a stream after ten seconds", async () => {
    const it = await guarded();
    const client = await raw(it.url, get("/events"));
    const { response } = await it.next();
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("data: 1\n\n");
    await it.clock.advance(STREAM_MS);
    expect(it.counts()).toMatchObject({ requests: 1, streams: 0 });
    await it.clock.advance(1);
    expect(it.counts()).toMatchObject({ requests: 1, streams: 1 });
    client.destroy();
    await it.reach({});
  });

  test("a slow request that is not answered yet is no stream", async () => {
    const it = await guarded();
    await raw(it.url, get("/slow"));
    await it.next();
    await it.clock.advance(STREAM_MS + 1);
    expect(it.counts()).toMatchObject({ requests: 1, streams: 0 });
  });

  test("100 Continue and 103 Early Hints end nothing", async () => {
    const it = await guarded();
    const client = await raw(
      it.url,
      get("/").replace("GET", "POST").replace("\r\n\r\n", "\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
    );
    const { response } = await it.next();
    await once(client, "data");
    response.writeEarlyHints({ link: "</app.css>; rel=preload" });
    await once(client, "data");
    expect(it.counts()).toMatchObject({ requests: 1, writes: 1 });
    response.end();
    await it.reach({});
  });

  test("HEAD, and a request that another listener of `checkContinue` answers", async () => {
    const it = await guarded();
    it.server.on("checkContinue", it.listener);
    void raw(it.url, get("/").replace("GET", "HEAD"));
    (await it.next()).response.end();
    await it.reach({});
    await raw(it.url, get("/").replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
    const { response } = await it.next();
    expect(it.counts().requests).toBe(1);
    response.end();
    await it.reach({});
  });

  test("an upgraded connection until its socket is closed, apart from requests", async () => {
    const it = await guarded();
    it.server.on("upgrade", (_request, socket) => {
      socket
        .on("error", () => {})
        .on("end", () => socket.end())
        .resume();
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    });
    const client = await raw(it.url, UPGRADE);
    await once(client, "data");
    expect(it.counts()).toMatchObject({ requests: 0, sockets: 1, oldest: { what: "GET /live" } });
    client.destroy();
    await it.reach({});
  });

  test("streams of HTTP/2, each on its own", async () => {
    const it = await countingGate();
    const app = holdingApp();
    const server = createHttp2Server((incoming, response) =>
      app.listener(
        incoming as unknown as IncomingMessage,
        response as unknown as ServerResponse & { req: IncomingMessage },
      ),
    );
    guard(server, it.gate);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    cleanUps.push(
      () => session.destroy(),
      () => server.close(),
      () => it.gate.close(),
    );
    const [first, second] = ["/1", "/2"].map((path) => session.request({ ":path": path }).on("error", () => {}));
    const one = await app.next();
    const two = await app.next();
    expect(it.counts()).toMatchObject({ requests: 2, oldest: { what: "GET /1" } });
    one.response.end();
    await it.reach({ requests: 1 });
    two.response.writeHead(200).write("part");
    await once(second ?? session, "data");
    second?.close();
    first?.close();
    await it.reach({});
  });

  test("a request from its arrival while the first state is loaded, but not in the application's place", async () => {
    const it = await guarded({ exempt: { users: { authenticated: true } }, getUser: () => user });
    let signIn = (_user: unknown): void => {};
    const user = new Promise((resolve) => {
      signIn = resolve;
    });
    await it.close();
    const answer = send(it.url, { headers: { Cookie: "a=1" } });
    await it.reach({ requests: 1 });
    signIn(false);
    expect((await answer).status).toBe(503);
    await it.reach({});
  });
});

describe("a request whose client leaves before the answer begins counts", () => {
  test("until the application answers all the same", async () => {
    const it = await guarded();
    const client = await raw(it.url, get("/report").replace("GET", "POST"));
    const { response } = await it.next();
    client.destroy();
    await once(response, "close");
    expect(it.counts()).toMatchObject({ requests: 1, writes: 1 });
    response.end("done");
    expect(it.counts().requests).toBe(0);
  });

  test("for at most 30 seconds, and not at all if the application never got it", async () => {
    const it = await guarded({ exempt: { users: { staff: true } }, getUser: () => new Promise(() => {}) });
    const client = await raw(it.url, get("/never"));
    const { response } = await it.next();
    client.destroy();
    await once(response, "close");
    await it.close();
    const waiting = await raw(it.url, get("/account").replace("\r\n\r\n", "\r\nCookie: a=1\r\n\r\n"));
    await it.reach({ requests: 2 });
    waiting.destroy();
    await it.reach({ requests: 1 });
    await it.clock.advance(MAX_LEFT_MS - 1);
    expect(it.counts().requests).toBe(1);
    await it.clock.advance(1);
    expect(it.counts().requests).toBe(0);
  });
});

describe("while a site is closed", () => {
  test("blocked requests and upgrades do not count, and those of an exemption count apart", async () => {
    const it = await guarded({ exempt: { paths: ["/status"] }, operatorPaths: ["/ops/*"] });
    await it.close();
    expect((await send(it.url, { path: "/" })).status).toBe(503);
    expect((await send(it.url, { path: "/again" })).status).toBe(503);
    const client = await raw(it.url, UPGRADE);
    await once(client, "data");
    expect(it.counts()).toMatchObject({ requests: 0, sockets: 0, exempted: 0 });
    void raw(it.url, get("/status"));
    void raw(it.url, get("/ops/x"));
    const held = [await it.next(), await it.next()];
    expect(it.counts()).toMatchObject({ requests: 0, exempted: 2, oldest: null });
    for (const { response } of held) response.end();
    await it.reach({});
  });

  test("a request that the guard has let in does not count once the middleware blocks it", async () => {
    const it = await countingGate();
    const app = express5();
    let hold = async (): Promise<void> => {};
    app.use(async (_request, _response, next) => {
      await hold();
      next();
    });
    app.use(expressMaintenance(it.gate));
    const server = createServer(app);
    guard(server, it.gate);
    const { url, close } = await serve(server);
    cleanUps.push(close, () => it.gate.close());
    hold = () => it.close();
    expect((await send(url)).status).toBe(503);
    await it.reach({});
  });
});

describe("a barrier counts what is in its way", () => {
  const sites = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };

  test("by host, by path, and for a read-only target only writes", async () => {
    const it = await guarded({
      sites,
      groups: ["payments-db"],
      readOnly: { reads: ["/search"], writes: ["/unsubscribe"] },
    });
    for (const text of [
      get("/checkout/pay").replace("GET", "POST"),
      get("/search").replace("GET", "POST"),
      get("/unsubscribe"),
      get("/"),
      get("/feed", "blog.example"),
      get("/any", "unknown.example"),
    ]) {
      void raw(it.url, text);
      await it.next();
    }
    const requests = (given: Partial<BarrierTarget>) => countsOf(it, given)?.requests;
    expect(requests({})).toBe(6);
    expect(requests({ site: "shop" })).toBe(4);
    expect(requests({ site: "blog" })).toBe(1);
    expect(requests({ site: "shop", paths: ["/checkout/*"] })).toBe(1);
    expect(requests({ site: "shop", mode: "read-only" })).toBe(2);
    expect(requests({ site: "payments-db" })).toBe(6);
    expect(requests({ site: "orders-db" })).toBe(0);
    expect(countsOf(it, { site: "blog" })?.oldest).toMatchObject({ what: "GET /feed", site: "blog" });
    expect(countsOf(it, { site: "shop" })).toMatchObject({ writes: 2 });
  });

  test("without requests that the closure would let in, also those that came before it", async () => {
    const it = await guarded({ sites, exempt: { paths: ["/events"] }, operatorPaths: ["/ops"] });
    for (const path of ["/events", "/ops", "/cart"]) {
      void raw(it.url, get(path));
      await it.next();
    }
    expect(it.counts()).toMatchObject({ requests: 3, exempted: 0 });
    expect(countsOf(it, { site: "shop" })).toMatchObject({ requests: 1, exempted: 2, oldest: { what: "GET /cart" } });
    await it.close({ lockdown: true }, "shop");
    expect(countsOf(it, { site: "shop" })).toMatchObject({ requests: 2, exempted: 1 });
  });
});
