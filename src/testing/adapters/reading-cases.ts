import assert from "node:assert/strict";
import { sendText } from "./client.ts";
import { type AdapterCases, type AdapterSession, assertBlocked } from "./session.ts";

const sites = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };

const host = (name: string) => ({ headers: { Host: name } });

/** Frameworks, URL parsers and proxies read some of these as `shop.example`, and others as a missing host. */
const UNCLEAR_HOSTS = [
  "shop.example:x",
  "shop.example:80:80",
  "shop.example:0000080",
  "shop.example/",
  "shop.example?",
  "shop.example#",
  "shop.example\\",
  "me@shop.example",
  "shop.example@blog.example",
  "shop%2Eexample",
  "shop.example, blog.example",
  "blog.example,shop.example",
  "shop.example..",
  "http://shop.example",
];

/** Requests that name both `shop.example` and `blog.example`. */
const TWO_HOSTS = [
  "GET http://shop.example/ HTTP/1.1\r\nHost: blog.example",
  "GET http://blog.example/ HTTP/1.1\r\nHost: shop.example",
  "GET HTTP://SHOP.example:80 HTTP/1.1\r\nHost: blog.example",
  "GET / HTTP/1.1\r\nHost: blog.example\r\nHost: shop.example",
  "GET / HTTP/1.1\r\nHost: shop.example\r\nHost: blog.example",
  "GET / HTTP/1.1\r\nHost: blog.example\r\nX-Forwarded-Host: shop.example",
  "GET / HTTP/1.1\r\nHost: blog.example\r\nX-Forwarded-Host: blog.example, shop.example:443",
  "GET / HTTP/1.1\r\nHost: blog.example\r\nX-Forwarded-Host: blog.example\r\nX-Forwarded-Host: shop.example",
  "GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-Host: blog.example",
  // `new URL(request.url, base)` reads a host from these paths.
  "GET //shop.example/ HTTP/1.1\r\nHost: blog.example",
  "GET ///shop.example:80 HTTP/1.1\r\nHost: blog.example",
  "GET /\\shop.example HTTP/1.1\r\nHost: blog.example",
];

async function statusOf({ url }: AdapterSession, head: string): Promise<number> {
  const answer = await sendText(url, `${head}\r\nConnection: close\r\n\r\n`);
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

/** Requests that two readers could interpret in two ways. */
export const readingCases: AdapterCases = {
  "a host that cannot be read counts for every site": {
    options: () => ({ sites, exempt: { paths: ["/open"] } }),
    async check(session) {
      const found = (): Promise<readonly number[]> => session.statuses(UNCLEAR_HOSTS.map(host));
      assert.deepEqual(
        await found(),
        UNCLEAR_HOSTS.map(() => 200),
      );
      await session.close({ sites: ["shop"], exempt: { paths: [{ pattern: "/of-the-shop", description: "" }] } });
      assert.deepEqual(
        await found(),
        UNCLEAR_HOSTS.map(() => 503),
      );
      const [unclear = ""] = UNCLEAR_HOSTS;
      const exempt = ["/open", "/of-the-shop"].map((path) => ({ path, ...host(unclear) }));
      assert.deepEqual(await session.statuses(exempt), [200, 503]);
      await session.close({ sites: ["shop"], lockdown: true });
      assert.deepEqual(await session.statuses(exempt), [503, 503]);
      await session.open(["shop"]);
      assert.deepEqual(
        await found(),
        UNCLEAR_HOSTS.map(() => 200),
      );
    },
  },

  "a request that names several hosts passes only if each is open": {
    options: () => ({ sites, exempt: { paths: ["/open"] } }),
    async check(session) {
      for (const head of TWO_HOSTS) assert.notEqual(await statusOf(session, head), 503, head);
      for (const closed of ["shop", "blog"]) {
        await session.close({ sites: [closed] });
        for (const head of TWO_HOSTS) assert.equal(await statusOf(session, head), 503, `${closed} closed: ${head}`);
        await session.open([closed]);
      }
    },
  },

  "of several closed hosts, the one in the request target decides the answer": {
    options: () => ({ sites }),
    async check({ close, url }) {
      await close({ sites: ["shop", "blog"] });
      const answer = await sendText(
        url,
        "GET http://blog.example/ HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n",
      );
      assert.match(answer, /\r\nMaintenance: closed;site="blog"/i);
    },
  },

  "health probes and certificate challenges pass by GET and HEAD, and challenges only with one segment": {
    options: () => ({ exempt: { healthPaths: ["/healthz"], paths: ["/hook"] } }),
    async check({ close, statuses, app }) {
      await close();
      const challenge = "/.well-known/acme-challenge/aZ_0-9";
      const head = (path: string) => ({ method: "HEAD", path });
      const reading = ["/healthz", head("/healthz"), challenge, head(challenge)];
      assert.deepEqual(await statuses(reading), [200, 200, 200, 200]);
      assert.deepEqual(await statuses([{ method: "POST", path: "/hook" }]), [200]);
      const { length } = app.seen;
      const writing = ["POST", "PUT", "DELETE", "OPTIONS", "QUERY"].flatMap((method) => [
        { method, path: challenge },
        { method, path: "/healthz" },
      ]);
      const odd = ["", "/", "/x/y", "/x.y", "/x/", "/%78", "/x%20", "//x", "/x;y"].map(
        (end) => `/.well-known/acme-challenge${end}`,
      );
      const overridden = { path: "/healthz", headers: { "X-HTTP-Method-Override": "DELETE" } };
      for (const request of [...writing, ...odd, overridden]) {
        assert.deepEqual(await statuses([request]), [503], JSON.stringify(request));
      }
      assert.equal(app.seen.length, length);
    },
  },

  "the target of a redirect passes by GET and HEAD, on the host of a site": {
    options: () => ({
      sites: { ...sites, status: { hosts: ["status.example"] } },
      redirect: "https://status.example/",
    }),
    async check({ close, send, statuses }) {
      await close();
      assert.deepEqual(
        await statuses([host("status.example"), { method: "HEAD", ...host("status.example") }]),
        [200, 200],
      );
      assert.deepEqual(await statuses([{ method: "POST", ...host("status.example") }]), [503]);
      const headers = { Host: "status.example", "X-Forwarded-Host": "shop.example" };
      assert.deepEqual(await statuses([{ headers }]), [503]);
      await close({ redirect: "https://nowhere.example/" });
      // A request for the target itself must not be redirected to it.
      assertBlocked(await send({ headers: { Host: "nowhere.example", Accept: "text/html" } }));
    },
  },

  "only safe methods pass a read-only site": async ({ close, statuses }) => {
    await close({ mode: "read-only" });
    const safe = ["GET", "HEAD", "OPTIONS", "QUERY", "PROPFIND", "REPORT", "SEARCH"];
    assert.deepEqual(
      await statuses(safe.map((method) => ({ method }))),
      safe.map(() => 200),
    );
    const others = ["POST", "PUT", "PATCH", "DELETE", "MKCOL", "COPY", "MOVE", "LOCK", "PROPPATCH", "MERGE", "PURGE"];
    assert.deepEqual(
      await statuses(others.map((method) => ({ method }))),
      others.map(() => 503),
    );
    for (const name of ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]) {
      const requests = ["DELETE", "get"].map((method) => ({ headers: { [name]: method } }));
      assert.deepEqual(await statuses(requests), [503, 200], name);
    }
  },

  "empty elements of X-Forwarded-For are ignored, and a proxy that names no address leaves the client unknown": {
    options: () => ({ trustProxy: 1, exempt: { addresses: ["203.0.113.7"] } }),
    async check({ close, statuses }) {
      await close();
      const from = (value: string | string[]) => ({ headers: { "X-Forwarded-For": value } });
      const known = ["203.0.113.7,", "203.0.113.7, ,", ",203.0.113.7", "10.1.1.1,203.0.113.7,,"];
      assert.deepEqual(
        await statuses(known.map(from)),
        known.map(() => 200),
      );
      const others = ["203.0.113.7, unknown", "203.0.113.7, 10.1.1.1,", "203.0.113.7, _hidden", "203.0.113.7;10.1.1.1"];
      assert.deepEqual(
        await statuses([...others.map(from), from(["203.0.113.7", "10.1.1.1"])]),
        [503, 503, 503, 503, 503],
      );
    },
  },

  "an empty host counts as missing, and belongs to `*`": {
    options: () => ({ sites }),
    async check(session) {
      await session.close({ sites: ["shop"] });
      assert.equal(await statusOf(session, "GET / HTTP/1.1\r\nHost:"), 200);
      await session.close();
      assertBlocked(await session.send());
      assert.equal(await statusOf(session, "GET / HTTP/1.1\r\nHost:"), 503);
    },
  },
};
