import { once } from "node:events";
import { Agent, createServer, type ServerResponse } from "node:http";
import express5 from "express";
import express4 from "express-4";
import { describe, expect, test } from "vitest";
import { expressMaintenance, maintenanceOn } from "../../src/adapters/express.ts";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { guard } from "../../src/adapters/node.ts";
import { MAX_LEFT_MS, STREAM_MS } from "../../src/fleet/under-way.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { send } from "../../src/testing/adapters/client.ts";
import { cleanUps, get, guarded, holdingApp, raw, UPGRADE } from "../support/counted-server.ts";
import { type CountingGate, countingGate } from "../support/counting-gate.ts";
import { fetchServer } from "../support/fetch-bridge.ts";
import { serve } from "../support/serve.ts";

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("inside %s", (_name, express) => {
  async function inside(mount: (app: ReturnType<typeof express>, gate: CountingGate) => void, withGuard = false) {
    const it = await countingGate();
    const app = express();
    app.use(expressMaintenance(it.gate));
    mount(app, it);
    app.use((_error: unknown, _request: unknown, response: ServerResponse, _next: unknown) => {
      response.statusCode = 500;
      response.end();
    });
    const server = createServer(app);
    if (withGuard) guard(server, it.gate);
    const { url, close } = await serve(server);
    cleanUps.push(close, () => it.gate.close());
    return { ...it, url };
  }

  test.each([false, true])("requests count once, with a guard in front: %s", async (withGuard) => {
    const app = holdingApp();
    const it = await inside((express) => express.use("/orders", app.listener), withGuard);
    const answer = send(it.url, { method: "POST", path: "/orders/7?x=1" });
    const { response } = await app.next();
    expect(it.counts()).toMatchObject({ requests: 1, writes: 1, oldest: { what: "POST /orders/7" } });
    response.end();
    await answer;
    await it.reach({});
  });

  test("a handler that throws has ended", async () => {
    const it = await inside((app) =>
      app.get("/", () => {
        throw new Error("a fault");
      }),
    );
    expect((await send(it.url)).status).toBe(500);
    await it.reach({});
  });

  test("a route that never answers has ended 30 seconds after its client has left", async () => {
    let entered = (): void => {};
    const reached = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const it = await inside((app) => app.get("/", () => entered()));
    const client = await raw(it.url, get("/"));
    await reached;
    expect(it.counts().requests).toBe(1);
    client.destroy();
    await once(client, "close");
    await it.clock.advance(MAX_LEFT_MS);
    await it.reach({ requests: it.counts().requests });
    await it.clock.advance(MAX_LEFT_MS);
    await it.reach({});
  });

  test("a route that is forced closed does not count, and an exempt request counts apart", async () => {
    const app = holdingApp();
    const it = await inside((express) => {
      express.use("/beta", maintenanceOn(app.listener));
      express.use(app.listener);
    });
    expect((await send(it.url, { path: "/beta" })).status).toBe(503);
    await it.reach({});
    await it.close({ exempt: { paths: ["/open"] } });
    const answer = send(it.url, { path: "/open" });
    const { response } = await app.next();
    expect(it.counts()).toMatchObject({ requests: 0, exempted: 1 });
    response.end();
    await answer;
    await it.reach({});
  });
});

describe("around a fetch handler", () => {
  async function around(handler: (request: Request) => Response | Promise<Response>) {
    const it = await countingGate();
    const { url, close } = await serve(fetchServer(fetchMaintenance(it.gate, handler)));
    cleanUps.push(close, () => it.gate.close());
    return { ...it, url };
  }

  test("a request counts until the stream of its answer has been read", async () => {
    let end = (): void => {};
    const it = await around(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            start(controller) {
              controller.enqueue(new TextEncoder().encode("first"));
              end = () => controller.close();
            },
          }),
        ),
    );
    const client = await raw(it.url, get("/stream"));
    await once(client, "data");
    await it.clock.advance(STREAM_MS + 1);
    expect(it.counts()).toMatchObject({ requests: 1, streams: 1, oldest: { what: "GET /stream" } });
    end();
    await it.reach({});
  });

  test("a stream that its client leaves, a static answer, HEAD and a failure have ended", async () => {
    const it = await around((incoming) => {
      const { pathname } = new URL(incoming.url);
      if (pathname === "/failure") throw new Error("a fault");
      if (pathname === "/static") return new Response("hello");
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) }));
    });
    const client = await raw(it.url, get("/stream"));
    await once(client, "data");
    expect(it.counts().requests).toBe(1);
    client.destroy();
    await it.reach({});
    await send(it.url, { path: "/static" });
    await it.reach({});
    await send(it.url, { path: "/stream", method: "HEAD" });
    await it.reach({});
  });

  test("the handler's result is returned as it is, and a failure passes on", async () => {
    const { gate, reach } = await countingGate();
    const response = new Response("hello");
    expect(fetchMaintenance(gate, () => response)(new Request("http://shop.example/"))).toBe(response);
    const fault = new Error("a fault");
    const fail = (): Response => {
      throw fault;
    };
    expect(() => fetchMaintenance(gate, fail)(new Request("http://shop.example/"))).toThrow(fault);
    await expect(fetchMaintenance(gate, async () => fail())(new Request("http://shop.example/"))).rejects.toBe(fault);
    await response.text();
    await reach({});
  });

  test("a nested adapter does not count again, and a blocked request does not count", async () => {
    const it = await countingGate();
    let seen = 0;
    const inner = fetchMaintenance(it.gate, () => {
      seen = it.counts().requests;
      return new Response(null);
    });
    const outer = fetchMaintenance(it.gate, inner);
    await outer(new Request("http://shop.example/"));
    expect([seen, it.counts().requests]).toEqual([1, 0]);
    await it.close();
    expect((await outer(new Request("http://shop.example/"))).status).toBe(503);
    expect(it.counts().requests).toBe(0);
  });
});

describe("a gate", () => {
  test("counts nothing with `fleet: false`, or without a list of processes in the store", async () => {
    const off = await guarded({ fleet: false });
    expect(gateInternals(off.gate).underWay).toBeNull();
    const { members: _members, ...store } = memoryStore();
    const without = await countingGate({ store });
    expect(gateInternals(without.gate).underWay).toBeNull();
  });

  test("passes a request that cannot be counted, and logs the fault", async () => {
    const it = await guarded();
    const { underWay } = gateInternals(it.gate);
    Reflect.set(underWay ?? {}, "add", () => {
      throw new Error("a fault");
    });
    const answer = send(it.url);
    (await it.next()).response.end("passed");
    expect((await answer).body).toBe("passed");
    expect(it.log).toEqual(["A request is not counted as under way: a fault"]);
  });

  test("counts for each of two gates in front of one server", async () => {
    const it = await guarded();
    const other = await countingGate();
    guard(it.server, other.gate);
    const answer = send(it.url);
    const { response } = await it.next();
    expect([it.counts().requests, other.counts().requests]).toEqual([1, 1]);
    response.end();
    await answer;
    await it.reach({});
    await other.reach({});
  });
});

test("after 1,000 requests of all kinds nothing is left", async () => {
  const it = await guarded({ exempt: { paths: ["/exempt"] } }, (incoming, response) => {
    switch (new URL(incoming.url ?? "", "http://x").pathname) {
      case "/cut":
        return void incoming.socket.destroy();
      case "/stream":
        response.write("first");
        return void setImmediate(() => response.end("second"));
      case "/upload":
        return void incoming.resume().on("end", () => response.end());
      default:
        return void response.end("hello");
    }
  });
  it.server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
  const paths = ["/", "/stream", "/exempt", "/", "/stream", "/exempt", "/", "/stream", "/exempt", "/cut"];
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  cleanUps.push(() => agent.destroy());
  const upload = { method: "POST", path: "/upload", body: "x".repeat(50_000) };
  for (let round = 0; round < 20; round += 1) {
    if (round === 10) await it.close();
    const pipelined = raw(it.url, get("/") + get("/stream") + get("/"));
    const upgraded = raw(it.url, UPGRADE);
    await Promise.allSettled([
      ...Array.from({ length: 45 }, (_, index) => send(it.url, { path: paths[index % paths.length] ?? "/", agent })),
      send(it.url, { ...upload, agent }),
      send(it.url, { path: "/stream", method: "HEAD", agent }),
    ]);
    for (const client of await Promise.all([pipelined, upgraded])) client.destroy();
  }
  await it.clock.advance(MAX_LEFT_MS);
  await it.reach({});
});
