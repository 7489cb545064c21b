import assert from "node:assert/strict";
import { sendText } from "./adapter-client.ts";
import { type AdapterCases, type AdapterSession, assertBlocked } from "./adapter-session.ts";

const sites = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };

const host = (name: string) => ({ headers: { Host: name } });

/** Frameworks, URL parsers and proxies read some of these as `shop.example`, and others as no host. */
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
];

async function statusOf({ url }: AdapterSession, head: string): Promise<number> {
  const answer = await sendText(url, `${head}\r\nConnection: close\r\n\r\n`);
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

/** How a request is read that two readers could read in two ways. */
export const readingCases: AdapterCases = {
  "a host that cannot be read is that of every site": {
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

  "of several hosts that a request names, each has to be open": {
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

  "of several hosts that are closed the one in the request target says what is answered": {
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

  "an empty host is none, and goes by `*`": {
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
