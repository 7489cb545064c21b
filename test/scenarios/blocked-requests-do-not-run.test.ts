import { createServer, type RequestListener, type Server } from "node:http";
import express5, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import express4 from "express-4";
import { afterEach, describe, expect, test } from "vitest";
import { expressMaintenance, maintenanceOff } from "../../src/adapters/express.ts";
import { type GuardOptions, guard } from "../../src/adapters/node.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { send, sendText, type WireAnswer, type WireRequest } from "../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";
import { type TestGate, testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

const staff: WireRequest = { headers: { Cookie: "user=staff" } };
const visitor: WireRequest = { headers: { Cookie: "x" } };
const signIn: RequestHandler = (request, _response, next) => {
  if (request.headers.cookie === "user=staff") Object.assign(request, { user: { isStaff: true } });
  next();
};

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("%s behind a guard", (_name, express) => {
  /** The handlers that have run, oldest first. */
  let ran: string[];

  function handler(name: string): RequestHandler {
    return (request, response) => {
      ran.push(`${request.method} ${name}`);
      response.send(name);
    };
  }

  async function closedGate(options: MaintenanceOptions = {}): Promise<TestGate> {
    ran = [];
    const test = await testGate({ exempt: { users: { staff: true } }, ...options });
    await test.close();
    return test;
  }

  async function listen({ gate }: TestGate, listener: RequestListener, options: GuardOptions = {}) {
    return ask(createServer(listener), gate, options);
  }

  async function ask(server: Server, gate: TestGate["gate"], options: GuardOptions = {}) {
    guard(server, gate, options);
    const it = await serve(server);
    served.push(it);
    return (method: string, path: string, wire: WireRequest = {}): Promise<WireAnswer> =>
      send(it.url, { method, path, ...wire });
  }

  const inside = ({ gate }: TestGate, finish: (app: Express) => unknown = () => {}): Express => {
    const app = express().use(signIn).use(expressMaintenance(gate));
    finish(app);
    return app;
  };

  test("the first request of an exempt user reaches its route, whatever its method; a visitor's does not", async () => {
    const gate = await closedGate();
    const request = await listen(
      gate,
      inside(gate, (app) => app.use("/api", express.Router().post("/orders", handler("orders")))),
    );
    expect((await request("POST", "/api/orders", staff)).body).toBe("orders");
    expect((await request("POST", "/api/orders", visitor)).status).toBe(503);
    expect(ran).toEqual(["POST orders"]);
    expect([gate.errors, gate.warnings]).toEqual([[], []]);
  });

  test("of two servers with one gate, the one without the middleware runs nothing", async () => {
    const gate = await closedGate();
    const request = await listen(gate, inside(gate));
    expect((await request("GET", "/", staff)).status).toBe(404);
    const bare = await listen(gate, (_request, response) => response.end(ran.push("transfer")));
    for (const method of ["POST", "GET", "DELETE"]) expect((await bare(method, "/", visitor)).status).toBe(503);
    expect(ran).toEqual([]);
    expect(gate.warnings).toEqual([expect.stringMatching(/^POST \/ was decided before the application, without its/)]);
  });

  test("a second listener does not get a request that the app would decide", async () => {
    const gate = await closedGate();
    const server = createServer(inside(gate, (app) => app.use(handler("app"))));
    server.on("request", (request) => void ran.push(`${request.method} second`));
    const request = await ask(server, gate.gate);
    for (const wire of [visitor, staff]) expect((await request("POST", "/", wire)).status).toBe(503);
    expect(ran).toEqual([]);
  });

  test("a listener that wraps the app makes the guard decide, unless the app is named", async () => {
    const gate = await closedGate();
    const app = inside(gate, (it) => it.post("/transfer", handler("app")));
    const wrapper: RequestListener = (request, response) =>
      request.url === "/other" ? response.end(ran.push("other")) : app(request, response);
    const hidden = await listen(gate, wrapper);
    expect((await hidden("POST", "/other", staff)).status).toBe(503);
    expect((await hidden("POST", "/transfer", staff)).status).toBe(503);
    expect(ran).toEqual([]);
    const named = await listen(gate, wrapper, { app });
    expect((await named("POST", "/transfer", visitor)).status).toBe(503);
    expect((await named("POST", "/transfer", staff)).body).toBe("app");
    expect(() => guard(createServer(), gate.gate, { app: () => {} })).toThrow("guard: the option 'app' is a function");
  });

  test("a view is rendered for every method without a request to the app", async () => {
    const gate = await closedGate({ template: { view: "closed" }, exempt: {} });
    const app = express().engine("html", (_path, _values, callback) => callback(null, "the view"));
    app.set("view engine", "html").set("views", import.meta.dirname);
    app.set(
      "view",
      class {
        path = "closed.html";
        render(_options: object, callback: (error: null, html: string) => void): void {
          callback(null, "the view");
        }
      },
    );
    const request = await listen(gate, app.use(handler("before")).use(expressMaintenance(gate.gate)));
    for (const method of ["GET", "POST"]) {
      const answer = await request(method, "/", { headers: { Cookie: "x", Accept: "text/html" } });
      expect([answer.status, answer.body]).toEqual([503, "the view"]);
    }
    expect(ran).toEqual([]);
  });

  test("no route runs if the middleware comes after the routes, is below a path, in a mounted app or missing", async () => {
    const late = (gate: TestGate): Express =>
      express()
        .use(signIn)
        .delete("/item", handler("item"))
        .use("/routed", express.Router().delete("/item", handler("routed")))
        .use("/app", express().delete("/item", handler("in an app")))
        .use("/plain", handler("plain"))
        .use("/below", expressMaintenance(gate.gate), handler("below"))
        .use("/within", express().use(expressMaintenance(gate.gate)).use(handler("within")))
        .use(handler("all"))
        .use(expressMaintenance(gate.gate));
    const gate = await closedGate();
    const request = await listen(gate, late(gate));
    const paths = ["/item", "/routed/item", "/app/item", "/plain", "/within", "/all"];
    for (const path of paths) expect((await request("DELETE", path, visitor)).status).toBe(503);
    for (const path of paths) expect((await request("GET", path, staff)).status).toBe(503);
    expect(ran).toEqual([]);
    expect(gate.warnings).toEqual([expect.stringMatching(/^DELETE \/item was decided before the application/)]);
    expect((await request("DELETE", "/below", staff)).body).toBe("below");
  });

  test("an answer of earlier middleware is withheld, and then refused from the first such request that writes", async () => {
    const gate = await closedGate();
    const app = express().use(signIn);
    app.use((request, response, next) =>
      request.path === "/early" ? handler("early")(request, response, next) : next(),
    );
    app.use(expressMaintenance(gate.gate)).use(handler("app"));
    const request = await listen(gate, app);
    for (const method of ["GET", "GET", "DELETE", "DELETE"]) {
      const answer = await request(method, "/early", staff);
      expect([answer.status, answer.body.includes("early")]).toEqual([503, false]);
    }
    expect(ran).toEqual(["GET early", "GET early", "DELETE early"]);
    expect(gate.errors).toEqual([
      expect.stringMatching(/^GET \/early was answered before the maintenance middleware saw it/),
      expect.stringMatching(/^DELETE \/early .* decides on requests other than GET itself\.$/),
    ]);
    expect((await request("GET", "/", staff)).body).toBe("app");
  });

  test("an error before the middleware, which any client can cause, does not lock out exempt users", async () => {
    const gate = await closedGate();
    const app = express().use(signIn, express.json()).use(expressMaintenance(gate.gate)).use(handler("app"));
    const request = await listen(gate, app);
    const json = { Cookie: "x", "Content-Type": "application/json" };
    expect((await request("POST", "/", { headers: json, body: "{" })).status).toBe(503);
    expect((await request("POST", "/", staff)).body).toBe("app");
  });

  describe.each([
    ["inside alone", false],
    ["with the guard", true],
  ])("a mark, %s,", (_where, isGuarded) => {
    async function marked(build: (app: Express) => unknown) {
      const gate = await closedGate({ exempt: {} });
      const app = express().use(expressMaintenance(gate.gate));
      build(app);
      const server = createServer(app);
      if (isGuarded) return ask(server, gate.gate);
      const it = await serve(server);
      served.push(it);
      return (method: string, path: string, wire: WireRequest = {}) => send(it.url, { method, path, ...wire });
    }

    test("opens its own route, and no other with the same function", async () => {
      const auth: RequestHandler = (_request, _response, next) => next();
      const router = express.Router().get("/x", handler("router"));
      const mounted = express().get("/x", handler("app"));
      const shared = handler("shared");
      const request = await marked((app) => {
        app.get("/status", maintenanceOff([auth, handler("status")]) as RequestHandler[]);
        app.post("/pay", auth, handler("pay"));
        app.use("/open-router", maintenanceOff(router)).use("/router", router);
        app.use("/open-app", maintenanceOff(mounted)).use("/app", mounted);
        app.use("/open", maintenanceOff(shared)).use("/shared", shared);
      });
      const statuses: number[] = [];
      for (const path of ["/status", "/open-router/x", "/open-app/x", "/open"]) {
        statuses.push((await request("GET", path)).status);
      }
      expect(statuses).toEqual([200, 200, 200, 200]);
      for (const path of ["/router/x", "/app/x", "/shared"]) statuses.push((await request("GET", path)).status);
      statuses.push((await request("POST", "/pay")).status);
      expect(statuses.slice(4)).toEqual([503, 503, 503, 503]);
      expect(ran).toEqual(["GET status", "GET router", "GET app", "GET shared"]);
    });

    test("opens nothing else after an error of its route: thrown, rejected or passed on", async () => {
      const failures: Record<string, RequestHandler> = {
        thrown: () => {
          throw new Error("thrown");
        },
        "handed on": (_request, _response, next) => void setImmediate(() => next(new Error("later"))),
        // Express 4 does not notice a rejected promise.
        ...(express === express5 ? { rejected: async () => Promise.reject(new Error("rejected")) } : {}),
      };
      const goesOn: ErrorRequestHandler = (_error, _request, _response, next) => next();
      const shows: ErrorRequestHandler = (error, _request, response, _next) =>
        void response.status(500).send(error.message);
      for (const [name, failure] of Object.entries(failures)) {
        const request = await marked((app) => {
          app.post("/open", maintenanceOff(failure)).use("/below", maintenanceOff(express.Router().use(failure)));
          app.use("/shown", maintenanceOff(failure), shows);
          app.use(goesOn).use("/below", handler("unmarked, below")).post("/open", handler("unmarked"));
          app.use((_request, response, _next) => void response.send("what answers last"));
        });
        expect([name, (await request("POST", "/shown")).status]).toEqual([name, 500]);
        for (const path of ["/open", "/below"]) {
          const answer = await request("POST", path);
          expect([name, answer.status, answer.headers.has("maintenance")]).toEqual([name, 503, true]);
        }
        expect(ran).toEqual([]);
      }
    });

    test("runs no app.param if an error handler continues after its route has failed", async () => {
      const fails: RequestHandler = () => {
        throw new Error("failed");
      };
      const goesOn: ErrorRequestHandler = (_error, _request, _response, next) => next();
      const request = await marked((app) => {
        app.param("id", (_request, response) => {
          ran.push("param");
          response.send("param");
        });
        app.get("/status", maintenanceOff(fails)).use(goesOn).get("/:id", handler("last"));
      });
      expect((await request("GET", "/status")).status).toBe(503);
      expect(ran).toEqual([]);
    });

    test("opens nothing if middleware changes the method or the address", async () => {
      const request = await marked((app) => {
        app.use((it, _response, next) => {
          if (it.query.method !== undefined) it.method = String(it.query.method);
          if (it.query.url !== undefined) it.url = String(it.query.url);
          next();
        });
        app.post("/hook", maintenanceOff(handler("hook"))).delete("/hook", handler("delete"));
        app.all("/account", handler("account"));
      });
      expect((await request("POST", "/hook?method=DELETE")).status).toBe(503);
      expect((await request("POST", "/hook?url=/account")).status).toBe(503);
      expect((await request("POST", "/hook")).body).toBe("hook");
      expect(ran).toEqual(["POST hook"]);
    });

    test("runs nothing behind the last marked route: no app.param, no route that was just added, no outer router", async () => {
      const handsOn: RequestHandler = (_request, _response, next) => next();
      const request = await marked((app) => {
        app.param("id", (_request, _response, next) => {
          ran.push("param");
          next();
        });
        app.get("/param", maintenanceOff(handsOn));
        app.get(
          "/added",
          maintenanceOff(((_request, _response, next) => {
            app.get("/added", handler("added"));
            next();
          }) satisfies RequestHandler),
        );
        app.get("/:id", handler("last"));
      });
      expect((await request("GET", "/param")).status).toBe(503);
      expect((await request("GET", "/added")).status).toBe(503);
      expect(ran).toEqual([]);

      const gate = await closedGate({ exempt: {} });
      const inner = express().use(expressMaintenance(gate.gate)).get("/status", maintenanceOff(handsOn));
      const outer = express().use(express.Router().use(inner)).get("/status", handler("outer"));
      const it = await serve(createServer(outer));
      served.push(it);
      expect((await send(it.url, { path: "/status" })).status).toBe(503);
      expect(ran).toEqual([]);
    });

    test("does not count a marked route that next('router') skips", async () => {
      const leaves: RequestHandler = (_request, _response, next) => next("router");
      const notes: RequestHandler = (_request, _response, next) => {
        ran.push("middleware");
        next();
      };
      const request = await marked((app) => {
        for (const [path, first] of [["/marked", maintenanceOff(leaves)] as const, ["/plain", leaves] as const]) {
          app.use(
            path,
            express
              .Router()
              .use(first)
              .use(express.Router().get("/", maintenanceOff(handler("skipped")))),
          );
        }
        app.use(notes).use(handler("last"));
      });
      expect((await request("GET", "/marked")).status).toBe(503);
      expect((await request("GET", "/plain")).status).toBe(503);
      expect(ran).toEqual([]);
    });

    test("lets a route pass a request on only to marked routes, even if it has begun to answer", async () => {
      const begins: RequestHandler = (_request, response, next) => {
        response.flushHeaders();
        next();
      };
      const request = await marked((app) => {
        app.use("/both", maintenanceOff(begins));
        app.use("/both", maintenanceOff(((_request, response) => response.end("second")) satisfies RequestHandler));
        app.use("/one", maintenanceOff(begins), handler("unmarked"));
      });
      expect((await request("GET", "/both")).body).toBe("second");
      await expect(request("GET", "/one")).rejects.toThrow();
      expect(ran).toEqual([]);
    });
  });

  test("works with a guard alone, and an exempt client continues from its route", async () => {
    const gate = await closedGate({
      getUser: (it) => ({ isStaff: Reflect.get(it, "headers").cookie === "user=staff" }),
    });
    const app = express().use(signIn);
    app.get("/status", maintenanceOff(handler("status")));
    app.use(maintenanceOff(express.static(import.meta.dirname)), handler("app"));
    const request = await listen(gate, app);
    expect((await request("GET", "/status")).body).toBe("status");
    expect((await request("POST", "/", visitor)).status).toBe(503);
    const answer = await request("POST", "/", staff);
    expect([answer.body, answer.headers.get("maintenance")]).toEqual(["app", "bypass;rule=user"]);
    expect(ran).toEqual(["GET status", "POST app"]);
  });

  test("nothing is sent before the decision: no hint, status text, trailer or header", async () => {
    const gate = await closedGate();
    const app = express();
    app.use((request, response, next) => {
      if (request.headers.cookie === "x") {
        response.statusMessage = "Secret";
        response.setHeader("X-Early", "yes").setHeader("Trailer", "X-Sum");
        response.addTrailers({ "X-Sum": "secret" });
      }
      response.writeEarlyHints({ link: "</secret.css>; rel=preload" }, () => {
        response.writeProcessing(() => next());
      });
    });
    app.use((request, response, next) => (request.path === "/early" ? void response.send("secret") : next()));
    app.use(signIn, expressMaintenance(gate.gate)).use((_request, response) => {
      response.writeEarlyHints({ link: "</app.css>; rel=preload" });
      response.send("app");
    });
    const server = createServer(app);
    await ask(server, gate.gate);
    const url = served.at(-1)?.url ?? "";
    const raw = (path: string, cookie: string): Promise<string> =>
      sendText(url, `GET ${path} HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
    expect(await raw("/early", "x")).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n(?!.*(?:secret|x-early))/is);
    expect(await raw("/", "x")).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n(?!.*(?:Secret|X-Sum|\.css))/s);
    expect(await raw("/", "user=staff")).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/app\.css>.*HTTP\/1\.1 200 /is,
    );
  });
});
