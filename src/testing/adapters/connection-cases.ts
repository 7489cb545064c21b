import assert from "node:assert/strict";
import { STREAM } from "./app.ts";
import { keepConnection, sendText } from "./client.ts";
import { type AdapterCases, assertBlocked, assertOpen } from "./session.ts";

export const connectionCases: AdapterCases = {
  "a body reaches the app in full while the site is open": async ({ send }) => {
    const answer = await send({ method: "POST", body: "x".repeat(300_000) });
    assert.ok(answer.body.startsWith("POST 300000 xxx"));
  },

  "a large POST to a closed site gets its 503 in full": async ({ send, close, app }) => {
    await close();
    const answer = await send({ method: "POST", path: "/upload", body: "x".repeat(8_000_000) });
    assertBlocked(answer);
    assert.equal(answer.headers.get("content-length"), String(Buffer.byteLength(answer.body)));
    assert.deepEqual(app.seen, []);
  },

  "small requests with a body go on over one connection while it is closed": async ({ send, close }) => {
    await close();
    const agent = await keepConnection();
    const connections = new Set<number>();
    for (let i = 0; i < 5; i += 1) {
      const answer = await send({ method: "POST", body: "a=1", agent });
      assertBlocked(answer);
      connections.add(answer.connection);
    }
    agent.destroy();
    assert.equal(connections.size, 1);
  },

  "a hundred requests on one connection see the site close and open again": async ({ send, close, open }) => {
    const agent = await keepConnection();
    const connections = new Set<number>();
    for (let i = 0; i < 100; i += 1) {
      if (i === 25) await close();
      if (i === 75) await open();
      const answer = await send({ path: `/${i}`, agent });
      if (i >= 25 && i < 75) assertBlocked(answer);
      else assertOpen(answer);
      connections.add(answer.connection);
    }
    agent.destroy();
    assert.equal(connections.size, 1);
  },

  "a client that disconnects in the middle of an answer does not affect other clients": {
    options: () => ({ exempt: { paths: ["/stream"] } }),
    async check({ send, close, app, leaving }) {
      await close();
      const answer = send({ path: STREAM, signal: leaving.signal, onFirstChunk: () => leaving.abort() });
      await assert.rejects(answer);
      app.release();
      assertBlocked(await send());
    },
  },

  "a client that disconnects while the user is looked up does not affect other clients": {
    options: (session) => ({
      exempt: { users: { authenticated: true } },
      getUser() {
        session().leaving.abort();
        return session().app.released;
      },
    }),
    async check({ send, close, app, leaving }) {
      await close();
      const answer = send({ headers: { Cookie: "a=1" }, signal: leaving.signal });
      await assert.rejects(answer);
      app.release();
      assertBlocked(await send({ headers: { Cookie: "a=1" } }));
      assert.deepEqual(app.seen, []);
    },
  },
};

const handshake = (host: string): string =>
  [
    "GET /live HTTP/1.1",
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "",
    "",
  ].join("\r\n");

const HANDSHAKE = handshake("app.example");

export const upgradeCases: AdapterCases = {
  "an upgrade reaches the app while the site is open": async ({ url, app }) => {
    assert.match(await sendText(url, HANDSHAKE), /^HTTP\/1\.1 101 .*upgraded$/s);
    assert.deepEqual(app.seen, ["UPGRADE /live"]);
  },

  "an upgrade of a closed site is answered 503 on the wire, and the connection closed": async (session) => {
    await session.close({ redirect: "/down" });
    const answer = await sendText(session.url, HANDSHAKE);
    assert.match(answer, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.match(answer, /\r\nMaintenance: closed;site="\*";version=1\r\n/);
    assert.match(answer, /\r\nRetry-After: \d+\r\n/);
    assert.deepEqual(session.app.seen, []);
  },

  "an upgrade whose host cannot be read counts for every site": {
    options: () => ({ sites: { shop: { hosts: ["shop.example"] } } }),
    async check({ close, url }) {
      await close({ sites: ["shop"] });
      assert.match(await sendText(url, handshake("blog.example")), /^HTTP\/1\.1 101 /);
      for (const host of ["shop.example", "shop.example:x", "blog.example\r\nHost: shop.example"]) {
        assert.match(await sendText(url, handshake(host)), /^HTTP\/1\.1 503 /, host);
      }
    },
  },

  "a request that offers another protocol, as browsers do with h2c, is answered as any other": async (session) => {
    await session.close({ redirect: "/down" });
    const offer = (protocol: string): string =>
      handshake("app.example").replace("Upgrade: websocket", `Upgrade: ${protocol}\r\nAccept: text/html`);
    assert.match(await sendText(session.url, offer("h2c")), /^HTTP\/1\.1 302 .*\r\nLocation: \/down\r\n/s);
    for (const protocol of ["websocket", "WebSocket", "h2c, websocket"]) {
      assert.match(
        await sendText(session.url, offer(protocol)),
        /^HTTP\/1\.1 503 .*application\/problem\+json/s,
        protocol,
      );
    }
    await session.close({ redirect: null });
    assert.match(await sendText(session.url, offer("h2c")), /^HTTP\/1\.1 503 .*<!doctype html>/s);
    assert.deepEqual(session.app.seen, []);
  },

  "an upgrade of an exempt path passes": {
    options: () => ({ exempt: { paths: ["/live"] } }),
    async check({ close, url }) {
      await close();
      assert.match(await sendText(url, HANDSHAKE), /^HTTP\/1\.1 101 /);
    },
  },
};

const OPEN = "/forced-open";
const CLOSED = "/forced-closed";

export const routeCases: AdapterCases = {
  "a route that is forced open answers as usual while the site is closed, and others do not": async (session) => {
    await session.close();
    assertOpen(await session.send(OPEN));
    assertOpen(await session.send({ path: `${OPEN}?x=1` }));
    const post = { method: "POST", path: OPEN, body: "x".repeat(100_000) };
    assert.ok((await session.send(post)).body.startsWith("POST 100000 xxx"));
    for (const path of ["/", `${OPEN}/below`, `${OPEN}/../${OPEN}`]) assertBlocked(await session.send(path));
    assert.equal(session.app.seen.length, 3);
  },

  "a route that is forced open answers in lockdown, and in every mode": async (session) => {
    await session.close({ lockdown: true });
    assertOpen(await session.send(OPEN));
    await session.close({ mode: "read-only", lockdown: true });
    assert.deepEqual(await session.statuses([{ method: "POST", path: OPEN }, { method: "POST" }]), [200, 503]);
  },

  "a route that is forced closed answers as a closed site, whatever the mode": {
    options: () => ({ exempt: { paths: ["/*"] } }),
    async check(session) {
      assertBlocked(await session.send(CLOSED));
      assertOpen(await session.send("/"));
      await session.close();
      const answer = await session.send({ path: CLOSED, headers: { Accept: "application/json" } });
      assertBlocked(answer);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      const head = await session.send({ method: "HEAD", path: CLOSED });
      assertBlocked(head);
      assert.equal(head.body, "");
      assert.deepEqual(session.app.seen, ["GET /"]);
    },
  },
};
