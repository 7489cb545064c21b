import assert from "node:assert/strict";
import { memoryStore } from "../../stores/memory.ts";
import type { Store } from "../../stores/store.ts";
import { sendText } from "./client.ts";
import { type AdapterCases, assertBlocked, assertOpen, headerOf } from "./session.ts";

const host = (name: string) => ({ headers: { Host: name } });
const operation = (name: string) => ({ method: "POST", path: "/graphql", headers: { "X-Operation": name } });
const sites = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };

function failing(): Promise<never> {
  return Promise.reject(new Error("the store is away"));
}

function awayStore(): Store {
  return { ...memoryStore(), load: failing, changesSince: failing };
}

export const modeCases: AdapterCases = {
  "read-only lets reading pass and stops writing": async ({ close, send, statuses }) => {
    await close({ mode: "read-only" });
    const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"].map((method) => ({ method }));
    assert.deepEqual(await statuses(methods), [200, 200, 200, 503, 503, 503]);
    assertOpen(await send());
    assertBlocked(await send({ method: "POST" }), "read-only");
  },

  "read-only knows the paths whose POST reads and whose GET writes": {
    options: () => ({ readOnly: { reads: ["/search", "/@all"], writes: ["/unsubscribe"] } }),
    async check({ close, statuses }) {
      await close({ mode: "read-only" });
      assert.deepEqual(await statuses([{ method: "POST", path: "/search" }, "/unsubscribe"]), [200, 503]);
      const unclear = ["/%73earch", "/search/", "/SEARCH", "//search", "/%40all", "/search%20"];
      const posts = unclear.map((path) => ({ method: "POST", path }));
      assert.deepEqual(await statuses(posts), [503, 503, 503, 503, 503, 503]);
      const writing = ["/Unsubscribe", "/unsubscribe/", "/unsubscribe;x", "/%75nsubscribe", "/unsubscribe%20"];
      assert.deepEqual(await statuses(writing), [503, 503, 503, 503, 503]);
    },
  },

  "the application's hook classifies requests; if it fails, every request counts as a write": {
    options: () => ({
      readOnly: {
        async classify(request) {
          const name = headerOf(request, "x-operation");
          if (name === "fails") throw new Error("no such operation");
          return name === "query" ? "read" : name === "mutation" ? "write" : undefined;
        },
      },
    }),
    async check({ close, statuses }) {
      await close({ mode: "read-only" });
      const names = ["query", "mutation", "fails", "other"];
      assert.deepEqual(await statuses(names.map(operation)), [200, 503, 503, 503]);
    },
  },

  "each host belongs to its site; an unknown or missing host belongs to `*`": {
    options: () => ({ sites }),
    async check({ close, statuses, url }) {
      await close({ sites: ["shop"] });
      const names = ["shop.example", "SHOP.Example:8080", "blog.example", "other.example"];
      assert.deepEqual(await statuses(names.map(host)), [503, 503, 200, 200]);
      assert.match(await sendText(url, "GET / HTTP/1.0\r\n\r\n"), /^HTTP\/1\.1 200 /);
      await close({ sites: ["*"] });
      assert.deepEqual(await statuses(names.map(host)), [503, 503, 503, 503]);
      assert.match(await sendText(url, "GET / HTTP/1.0\r\n\r\n"), /^HTTP\/1\.1 503 /);
    },
  },

  "the answer names the site whose record applies": {
    options: () => ({ sites }),
    async check({ close, send }) {
      await close({ sites: ["*"] });
      assert.match((await send(host("shop.example"))).headers.get("maintenance") ?? "", /^closed;site="\*"/);
      await close({ sites: ["shop"] });
      assert.match((await send(host("shop.example"))).headers.get("maintenance") ?? "", /^closed;site="shop"/);
    },
  },

  "only the named paths are closed": async ({ close, statuses }) => {
    await close({ paths: ["/checkout/*"] });
    assert.deepEqual(await statuses(["/checkout/pay", "/", "/checkouts", "/a%40b"]), [503, 200, 200, 200]);
    const spellings = ["/Checkout/pay", "/%63heckout/pay", "/checkout;x/pay", "/x/../checkout/pay", "//checkout/pay"];
    assert.deepEqual(await statuses(spellings), [503, 503, 503, 503, 503]);
  },

  "a site that opens while the user is looked up answers normally, and never with a 500": {
    options: (session) => ({
      exempt: { users: { staff: true } },
      async getUser() {
        await session().open();
        return null;
      },
    }),
    async check({ close, send }) {
      await close();
      assertOpen(await send({ headers: { Cookie: "user=customer" } }));
    },
  },

  "a state that could never be loaded counts as open": {
    options: () => ({ store: awayStore(), startTimeout: 0 }),
    async check({ send }) {
      assertOpen(await send());
    },
  },

  "a state that could never be loaded counts as closed if the configuration says so": {
    options: () => ({ store: awayStore(), startTimeout: 0, whenNeverLoaded: "closed" }),
    async check({ send }) {
      assertBlocked(await send());
    },
  },

  "an override takes precedence over the store": {
    options: () => ({ override: "on" }),
    async check({ send }) {
      assertBlocked(await send());
    },
  },
};
