import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import express from "express";
import { expect, onTestFinished, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { guard } from "../../src/adapters/node.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import type { Gate } from "../../src/gate.ts";
import { send } from "../../src/testing/adapters/client.ts";
import { testGate } from "../support/closed-gate.ts";
import { fetchServer } from "../support/fetch-bridge.ts";
import { requireService } from "../support/require-service.ts";
import { serve } from "../support/serve.ts";
import { INSTALL_NGINX, NGINX, startNginx } from "../support/servers/nginx.ts";

/** Any cookie stands for a signed-in user, who is exempt. */
const USERS_BY_COOKIE: MaintenanceOptions = {
  exempt: { users: { authenticated: true } },
  getUser: (request) => {
    const { headers } = request as IncomingMessage | Request;
    return (headers instanceof Headers ? headers.get("cookie") : headers.cookie) ?? null;
  },
};

/** Headers with which an application makes caches store its responses in spite of `Cache-Control`; for nginx, either is enough. */
const STORING = [{ "X-Accel-Expires": "600" }, { Expires: new Date(Date.now() + 600_000).toUTCString() }];

const TAG = '"1"';

/** Sets these headers on every response. */
const listener: RequestListener = (request, response) => {
  store(request, response);
  response.setHeader("ETag", TAG);
  if (request.headers["if-none-match"] === TAG) response.statusCode = 304;
  response.end(`the page, asked for by ${request.headers.cookie ?? "a visitor"}`);
};

function lifetimeOf(url: string): string {
  return url.endsWith("/brief") ? "public, max-age=1" : "public, max-age=600";
}

function store(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Cache-Control", lifetimeOf(request.url ?? ""));
  for (const [name, value] of Object.entries(STORING[Number(request.url?.at(-1))] ?? {}))
    response.setHeader(name, value);
}

const places: Readonly<Record<string, (gate: Gate) => ReturnType<typeof createServer>>> = {
  "a guard": (gate) => {
    const server = createServer(listener);
    guard(server, gate);
    return server;
  },
  Express: (gate) =>
    createServer(
      express()
        .use((request, response, next) => {
          store(request, response);
          next();
        })
        .use(expressMaintenance(gate))
        .use(listener),
    ),
  fetch: (gate) =>
    fetchServer(
      fetchMaintenance(gate, (request) => {
        const headers = { "Cache-Control": lifetimeOf(request.url), ETag: TAG, ...STORING[Number(request.url.at(-1))] };
        if (request.headers.get("if-none-match") === TAG) return new Response(null, { status: 304, headers });
        return new Response(`the page, asked for by ${request.headers.get("cookie") ?? "a visitor"}`, { headers });
      }),
    ),
};

requireService(
  "nginx",
  INSTALL_NGINX,
  NGINX !== null,
)("a cache of nginx", () => {
  test.each(Object.keys(places))(
    "keeps neither what %s lets through nor what it blocks, and keeps answers of an open site",
    async (place) => {
      const { gate, open, close } = await testGate(USERS_BY_COOKIE);
      const app = await serve(places[place]?.(gate) ?? createServer());
      const nginx = await startNginx({
        http: "proxy_cache_path cache keys_zone=pages:1m;",
        server: `location / {
        proxy_pass ${app.url}; proxy_cache pages; proxy_cache_key $uri; proxy_cache_valid any 0; add_header X-Cache $upstream_cache_status always;
      }`,
      });
      onTestFinished(async () => {
        await nginx.stop();
        await app.close();
      });
      const ask = async (path: string, cookie?: string) => {
        const answer = await send(nginx.url, { path, headers: cookie === undefined ? {} : { Cookie: cookie } });
        return [answer.status, answer.headers.get("x-cache"), answer.body.startsWith("the page, asked for by")];
      };
      await close();
      for (const path of ["/closed-0", "/closed-1"]) {
        expect(await ask(path, "staff")).toEqual([200, "MISS", true]);
        expect(await ask(path)).toEqual([503, "MISS", false]);
        expect(await ask(path, "staff")).toEqual([200, "MISS", true]);
      }
      await open();
      for (const path of ["/open-0", "/open-1"]) {
        expect(await ask(path, "staff")).toEqual([200, "MISS", true]);
        expect(await ask(path)).toEqual([200, "HIT", true]);
      }
    },
  );

  test.each(Object.keys(places))("does not renew an entry by a 304 to a client that %s lets through", async (place) => {
    const { gate, close } = await testGate(USERS_BY_COOKIE);
    const app = await serve(places[place]?.(gate) ?? createServer());
    const nginx = await startNginx({
      http: "proxy_cache_path cache keys_zone=pages:1m;",
      server: `location / {
        proxy_pass ${app.url}; proxy_cache pages; proxy_cache_key $uri; proxy_cache_valid any 10m; proxy_cache_revalidate on;
        add_header X-Cache $upstream_cache_status always;
      }`,
    });
    onTestFinished(async () => {
      await nginx.stop();
      await app.close();
    });
    const ask = async (cookie?: string) => {
      const answer = await send(nginx.url, {
        path: "/brief",
        headers: cookie === undefined ? {} : { Cookie: cookie },
      });
      return [answer.status, answer.headers.get("x-cache")];
    };
    expect(await ask()).toEqual([200, "MISS"]);
    await close();
    await expect.poll(() => ask(), { timeout: 30_000 }).toEqual([503, "EXPIRED"]);
    expect(await ask("staff")).toEqual([200, "REVALIDATED"]);
    expect(await ask()).toEqual([503, "EXPIRED"]);
  });
});
