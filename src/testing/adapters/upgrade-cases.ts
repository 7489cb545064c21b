import assert from "node:assert/strict";
import { sendText } from "./client.ts";
import type { AdapterCases } from "./session.ts";

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
  "an upgrade reaches the app while all is open": async ({ url, app }) => {
    assert.match(await sendText(url, HANDSHAKE), /^HTTP\/1\.1 101 .*upgraded$/s);
    assert.deepEqual(app.seen, ["UPGRADE /live"]);
  },

  "an upgrade of a closed site is answered 503 on the wire, and the connection closed": async (session) => {
    await session.close({ response: { redirect: "/down" } });
    const answer = await sendText(session.url, HANDSHAKE);
    assert.match(answer, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.match(answer, /\r\nMaintenance: closed;site="\*";version=1\r\n/);
    assert.match(answer, /\r\nRetry-After: \d+\r\n/);
    assert.deepEqual(session.app.seen, []);
  },

  "an upgrade whose host cannot be read is for every site": {
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
    await session.close({ response: { redirect: "/down" } });
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
    await session.close({ response: { redirect: null } });
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
