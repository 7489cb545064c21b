import { createServer, type RequestListener, type Server } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import express5, { type RequestHandler } from "express";
import express4 from "express-4";
import { afterEach, describe, expect, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";
import { testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

/** Sends a body after `100 Continue`, as clients do; returns the status of each response in order, and the last body. */
async function upload(server: Server, path = "/", cookie = "x"): Promise<readonly string[]> {
  const at = await serve(server);
  served.push(at);
  const { hostname, port } = new URL(at.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
  );
  socket.once("data", (chunk) => {
    if (String(chunk).startsWith("HTTP/1.1 100 ")) socket.write("body");
  });
  const all = await text(socket);
  return [
    ...[...all.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, status]) => status ?? ""),
    all.split("\r\n").at(-1) ?? "",
  ];
}

const echo: RequestListener = async (request, response) => void response.end(`got ${await text(request)}`);

describe("Expect: 100-continue behind a guard", () => {
  async function guarded(listener: RequestListener = echo) {
    const { gate, close } = await testGate({ exempt: { paths: ["/exempt"] } });
    const server = createServer(listener);
    return { gate, close, server, remove: guard(server, gate) };
  }

  test("a closed site answers 503 at once, and no body is sent", async () => {
    const { server, close } = await guarded();
    await close();
    expect((await upload(server))[0]).toBe("503");
  });

  test("an open site and an exempt path ask for the body, also with two guards, and after the guard is removed", async () => {
    const { server, close, gate } = await guarded();
    const removeSecond = guard(server, gate);
    expect(await upload(server)).toEqual(["100", "200", "got body"]);
    await served.pop()?.close();
    await close();
    expect(await upload(server, "/exempt")).toEqual(["100", "200", "got body"]);
    await served.pop()?.close();
    removeSecond();
    expect((await upload(server))[0]).toBe("503");
  });

  test("a removed guard leaves it to Node", async () => {
    const { server, close, remove } = await guarded();
    await close();
    remove();
    expect(server.listenerCount("checkContinue")).toBe(0);
    expect(await upload(server)).toEqual(["100", "200", "got body"]);
  });

  test.each(["before", "after"])(
    "the application's own listener, added %s it, decides if the site lets the request pass",
    async (when) => {
      const { gate, close } = await testGate();
      const server = createServer(echo);
      const own: RequestListener = (_request, response) => void response.writeHead(417).end("own");
      if (when === "before") server.on("checkContinue", own);
      guard(server, gate);
      if (when === "after") server.on("checkContinue", own);
      expect((await upload(server))[0]).toBe("417");
      await served.pop()?.close();
      await close();
      expect((await upload(server))[0]).toBe("503");
    },
  );

  test.each([
    ["Express 4", express4],
    ["Express 5", express5],
  ])(
    "%s is asked for the body if the middleware has let the request in, or if it is read earlier",
    async (_name, express) => {
      const { gate, close } = await testGate({
        exempt: { users: { authenticated: true } },
        getUser: (request) => (Reflect.get(request, "headers").cookie === "user" ? { name: "user" } : null),
      });
      await close();
      const readsEarly: RequestHandler = (request, response, next) =>
        request.path === "/early" ? express.text({ type: () => true })(request, response, next) : next();
      const app = express().use(readsEarly).use(expressMaintenance(gate));
      app.post("/early", (request, response) => void response.send(`got ${request.body}`)).use(echo);
      const make = (): Server => {
        const server = createServer(app);
        guard(server, gate);
        return server;
      };
      expect((await upload(make()))[0]).toBe("503");
      for (const path of ["/", "/early"]) {
        const statuses = await upload(make(), path, "user");
        expect([path, statuses[0], statuses[1], statuses.at(-1)?.includes("got body")]).toEqual([
          path,
          "100",
          "200",
          true,
        ]);
      }
    },
  );

  test("the compatibility API of HTTP/2 works in the same way", async () => {
    const { gate, close } = await testGate();
    const server = createHttp2Server((_request, response) => response.end("app"));
    guard(server, gate);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const ask = (): Promise<readonly unknown[]> =>
      new Promise((resolve) => {
        const seen: unknown[] = [];
        const stream = client.request({ ":method": "POST", expect: "100-continue" });
        stream.on("continue", () => {
          seen.push(100);
          stream.end("body");
        });
        stream.on("response", (headers) => resolve([...seen, headers[":status"]])).resume();
      });
    expect(await ask()).toEqual([100, 200]);
    await close();
    expect(await ask()).toEqual([503]);
    client.close();
    server.close();
  });
});

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("Expect: 100-continue inside %s, after the first request", (_name, express) => {
  async function inside(...before: RequestHandler[]) {
    const { gate, close } = await testGate({ exempt: { paths: ["/exempt"] } });
    const app = express();
    app.use(...before, expressMaintenance(gate), express.text({ type: () => true }));
    app.use((request, response) => void response.send(`got ${request.body}`));
    const server = createServer(app);
    const ask = async (path?: string) => {
      const answer = await upload(server, path);
      await served.pop()?.close();
      return answer;
    };
    expect(await ask()).toEqual(["100", "200", "got body"]);
    return { server, close, ask };
  }

  test("a closed site answers 503 at once; an open one and an exempt path ask for the body", async () => {
    const { server, close, ask } = await inside((_request, _response, next) => next());
    expect(await ask()).toEqual(["100", "200", "got body"]);
    await close();
    expect((await ask())[0]).toBe("503");
    expect(await ask("/exempt")).toEqual(["100", "200", "got body"]);
    // A listener that the application adds takes precedence.
    server.on("checkContinue", (request, response) => {
      response.writeContinue();
      server.emit("request", request, response);
    });
    expect((await ask()).slice(0, 2)).toEqual(["100", "503"]);
  });

  test("middleware before it that reads the body gets it", async () => {
    const { close, ask } = await inside(express.text({ type: () => true }));
    await close();
    expect((await ask()).slice(0, 2)).toEqual(["100", "503"]);
  });
});
