import { createServer } from "node:http";
import express5, { type Express, type RequestHandler } from "express";
import express4 from "express-4";
import { afterEach, describe, expect, test } from "vitest";
import { expressMaintenance, maintenanceOff, maintenanceOn } from "../../src/adapters/express.ts";
import { send } from "../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";
import { type TestGate, testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

const says =
  (text: string): RequestHandler =>
  (_request, response) =>
    void response.send(text);
const handsOn: RequestHandler = (_request, _response, next) => next();

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("routes in %s", (_name, express) => {
  /** Serves an app while `*` is closed; `ask` returns the body of each response with status 200, and the status of any other. */
  async function closedApp(
    build: (app: Express, test: TestGate) => unknown,
    options: Parameters<typeof testGate>[0] = {},
  ) {
    const test = await testGate(options);
    await test.close();
    const app = express();
    app.use(expressMaintenance(test.gate));
    build(app, test);
    const it = await serve(createServer(app));
    served.push(it);
    const ask = async (...requests: (string | Parameters<typeof send>[1])[]): Promise<(string | number)[]> => {
      const found: (string | number)[] = [];
      for (const request of requests) {
        const answer = await send(it.url, typeof request === "string" ? { path: request } : request);
        found.push(answer.status === 200 && request !== undefined ? answer.body : answer.status);
      }
      return found;
    };
    return { ...test, url: it.url, ask };
  }

  test("a route that is forced open answers while the site is closed, without the mark of a bypass; others do not", async () => {
    const { url, ask } = await closedApp((app) => {
      app.get("/status", maintenanceOff(says("status")));
      app.get("/account", says("account"));
    });
    expect(await ask("/status", "/status?x=1", "/STATUS/", "/account", "/statuses", "/")).toEqual([
      ...["status", "status", "status"],
      ...[503, 503, 503],
    ]);
    const { headers } = await send(url, { path: "/status" });
    expect([headers.has("maintenance"), headers.has("cache-control")]).toEqual([false, false]);
  });

  test("a route is forced open in lockdown too, for the methods of the handler, and for HEAD with GET", async () => {
    const { ask, close } = await closedApp((app) => {
      app
        .route("/hook")
        .post(maintenanceOff(says("posted")))
        .get(says("shown"));
      app.all("/any", maintenanceOff(says("any")));
      app.get("/status", maintenanceOff(says("status")));
    });
    await close({ lockdown: true });
    const post = { method: "POST", path: "/hook" };
    expect(await ask(post, "/hook", { method: "PUT", path: "/any" })).toEqual(["posted", 503, "any"]);
    expect(await ask({ method: "HEAD", path: "/status" }, { method: "POST", path: "/status" })).toEqual(["", 503]);
  });

  test("marks apply to functions, nested lists, routers and mounted apps, and are found inside of them", async () => {
    const { ask } = await closedApp((app) => {
      const inner = express
        .Router()
        .get("/a", maintenanceOff(says("inner a")))
        .get("/b", says("inner b"));
      const whole = express
        .Router()
        .use(handsOn)
        .get("/c/:id", (request, response) => void response.send(request.params.id));
      const mounted = express();
      mounted
        .use(handsOn)
        .get("/d", maintenanceOff(says("mounted d")))
        .get("/e", says("mounted e"));
      app.use("/:tenant/in", express.Router().use(handsOn, inner));
      app.use("/whole", maintenanceOff(whole));
      app.use("/sub", express().use("/app", mounted));
      app.use("/marked/:it", maintenanceOff(express().use("/app", mounted)));
      app.use("/unmarked", mounted);
      app.use("/open-app", maintenanceOff(express().get("/f", says("app f"))));
      app.get("/list", handsOn, maintenanceOff([handsOn, [handsOn, says("list")]]).flat());
      app.get(["/g", "/h"], maintenanceOff(says("either")));
      app.use("/files", maintenanceOff(says("files")));
    });
    expect(await ask("/x/in/a", "/x/in/b", "/whole/c/7", "/open-app/f")).toEqual(["inner a", 503, "7", "app f"]);
    // Express does not expose the routes of an app, so the app is marked where it is mounted.
    expect(await ask("/sub/app/d", "/marked/x/app/d", "/marked/x/app/e", "/unmarked/d")).toEqual([
      ...[503, "mounted d", "mounted e", 503],
    ]);
    expect(await ask("/list", "/g", "/h", "/files/deep/x", "/filesystem")).toEqual([
      ...["list", "either", "either"],
      ...["files", 503],
    ]);
  });

  test("the first match wins: an unmarked route, or middleware that answers", async () => {
    const { ask } = await closedApp((app) => {
      app.get("/:page", (request, response, next) =>
        request.params.page === "a" ? void response.send("page") : next(),
      );
      app.use((request, response, next) => (request.path === "/deep/b" ? void response.send("opaque") : next()));
      for (const path of ["/a", "/c", "/deep/b", "/deep/d"]) app.get(path, maintenanceOff(says(path)));
    });
    expect(await ask("/a", "/c", "/deep/b", "/deep/d")).toEqual([503, 503, 503, "/deep/d"]);
  });

  test("looking ahead calls nothing, and a closed route is not called either", async () => {
    const called: string[] = [];
    const note: RequestHandler = (request, _response, next) => {
      called.push(request.originalUrl);
      next();
    };
    const { ask } = await closedApp((app) => {
      app.use(
        "/sub",
        express
          .Router()
          .use(note)
          .param("id", note)
          .get("/:id", note, maintenanceOff(says("open"))),
      );
      app.use("/app", express().use(note), says("behind"));
      app.use(express.Router().get("/first", note, says("first")));
      app.get("/first", maintenanceOff(says("second")));
    });
    expect(await ask("/account", "/first", "/subway", "/sub/a/b", "/app")).toEqual([503, 503, 503, 503, 503]);
    expect(called).toEqual([]);
    expect(await ask("/sub/7")).toEqual(["open"]);
    expect(called).toEqual(["/sub/7", "/sub/7", "/sub/7"]);
  });

  test("a route that passes a request on opens only marked routes behind it", async () => {
    const reached: string[] = [];
    const { ask } = await closedApp((app) => {
      app.get(
        "/:page",
        maintenanceOff((request, response, next) => {
          if (request.params.page === "known") response.send("known");
          else next();
        }),
      );
      app.use(maintenanceOff(handsOn), maintenanceOff(express.Router().get("/r", (_q, _s, next) => next("router"))));
      app.get("/open", maintenanceOff(says("open")));
      app.use((request, response) => {
        reached.push(request.path);
        response.send("rest");
      });
    });
    expect(await ask("/known", "/open", "/rest", "/r", "/")).toEqual(["known", "open", 503, 503, 503]);
    expect(reached).toEqual([]);
  });

  test("middleware after the last open route does not run", async () => {
    const ran: string[] = [];
    const notes =
      (name: string): RequestHandler =>
      (_request, _response, next) => {
        ran.push(name);
        next();
      };
    const { ask } = await closedApp((app) => {
      app.use(notes("session"));
      app.use(maintenanceOff(express.static("no such folder")));
      app.use("/status", notes("parser"), maintenanceOff(express.Router().get("/", says("status"))));
      app.use("/graphql", (_request, response, _next) => {
        ran.push("graphql");
        response.send("done");
      });
      app.use(express.Router().use(notes("router")).post("/pay", says("paid")));
    });
    const requests = [{ method: "POST", path: "/graphql" }, { method: "POST", path: "/pay" }, "/graphql", "/status"];
    expect(await ask(...requests)).toEqual([503, 503, 503, "status"]);
    expect(ran).toEqual(["session", "session", "session", "session", "parser"]);
  });

  test("an exempt client reaches the handler after an open route, marked", async () => {
    const options = { exempt: { users: { staff: true } }, getUser: () => ({ isStaff: true }) };
    const { url } = await closedApp((app) => {
      app.use((request, response, next) => (request.path === "/early" ? void response.send("early") : next()));
      app.use(maintenanceOff(handsOn)).use(says("rest"));
    }, options);
    for (const [path, body] of [
      ["/early", "early"],
      ["/rest", "rest"],
    ] as const) {
      const answer = await send(url, { path });
      expect([answer.body, answer.headers.get("maintenance")]).toEqual([body, "bypass;rule=user"]);
    }
  });

  test("the application answers an error of an open route, but not another error", async () => {
    const { ask } = await closedApp((app) => {
      app.use("/early", (_request, _response, next) => next(new Error("early")));
      app.get(
        "/fails",
        maintenanceOff(() => {
          throw new Error("broken");
        }),
      );
      app.get(
        "/later",
        maintenanceOff((_request, _response, next) => void setImmediate(() => next(new Error("later")))),
      );
      app.use("/early", maintenanceOff(says("never")));
      app.use(((error, _request, response, _next) => {
        response.status(500).send(error.message);
      }) satisfies express5.ErrorRequestHandler);
    });
    expect(await ask("/fails", "/later", "/early")).toEqual([500, 500, 503]);
  });

  test("no unclear, undecodable or rewritten path is forced open", async () => {
    const { ask } = await closedApp((app) => {
      app.use((request, _response, next) => {
        if (request.url === "/open/rewritten") request.url = "/account";
        next();
      });
      app.get("/open/:name", maintenanceOff(says("open")));
      app.get("/account", says("account"));
    });
    const hostile = ["/open/%2e%2e", "/open/..", "//open/x", "/open%2fx", "/open/%zz", "/open\\x", "/open/rewritten"];
    expect(await ask(...hostile)).toEqual(hostile.map(() => 503));
    expect(await ask("/open/x", "/open/a%20b", "http://elsewhere.example/open/x")).toEqual(["open", "open", "open"]);
  });

  test("a stateful regular expression is not matched ahead of time", async () => {
    const { ask, open } = await closedApp((app) => {
      app.get(/^\/sticky$/g, maintenanceOff(says("sticky")));
      app.get("/behind", maintenanceOff(says("behind")));
    });
    expect(await ask("/sticky", "/sticky", "/behind")).toEqual([503, 503, 503]);
    await open();
    expect(await ask("/sticky")).toEqual(["sticky"]);
  });

  test("marks are found under tracing that wraps each layer", async () => {
    const { ask } = await closedApp((app) => {
      const layers: { handle: RequestHandler; __original?: RequestHandler }[] = [];
      const router = express.Router().get("/a", says("a"));
      app.use("/traced", maintenanceOff(router));
      layers.push(...((Reflect.get(app, "_router") ?? app.router).stack as typeof layers));
      const layer = layers.at(-1);
      if (layer === undefined) throw new Error("no layer");
      const { handle } = layer;
      const traced: RequestHandler = (request, response, next) => handle(request, response, next);
      layer.handle = Object.assign(traced, { __original: handle });
    });
    expect(await ask("/traced/a", "/traced/b")).toEqual(["a", 503]);
  });

  test("a route that is forced closed is never reached, whatever the mode and the client", async () => {
    const reached: string[] = [];
    const reach: RequestHandler = (request, response) => {
      reached.push(request.path);
      response.send("reached");
    };
    const { url, ask, open } = await closedApp(
      (app) => {
        app.get("/function", maintenanceOn(reach));
        app.get("/list", maintenanceOn([handsOn, [reach]]).flat());
        app.use("/router", maintenanceOn(express.Router().get("/x", maintenanceOff(reach))));
        app.use("/app", maintenanceOn(express().get("/x", reach)));
        app.use("/ops", maintenanceOn(says("ops")));
        app.use(
          "/broken",
          maintenanceOn(async () => Promise.reject(new Error("broken"))),
        );
        app.use(says("rest"));
      },
      { exempt: { paths: ["/*"] }, operatorPaths: ["/ops", "/broken"] },
    );
    const closed = ["/function", "/list", "/router", "/router/x", "/app/x"];
    expect(await ask(...closed, "/rest", "/ops", "/broken")).toEqual([503, 503, 503, 503, 503, "rest", "ops", 500]);
    const { headers } = await send(url, { path: "/function", headers: { Accept: "application/json" } });
    expect(headers.get("maintenance")).toMatch(/^closed;site="\*"/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-type")).toBe("application/problem+json");
    await open();
    expect(await ask(...closed, "/rest", "/ops")).toEqual([503, 503, 503, 503, 503, "rest", "ops"]);
    expect(reached).toEqual([]);
  });

  test("a route is forced closed by its own gate, or by a plain answer without one", async () => {
    const { gate } = await testGate({ statusCode: 599 });
    const app = express()
      .get("/own", maintenanceOn(says("own"), gate))
      .get("/none", maintenanceOn(says("none")));
    const it = await serve(createServer(app));
    served.push(it);
    expect((await send(it.url, { path: "/own" })).status).toBe(599);
    expect((await send(it.url, { path: "/none" })).status).toBe(503);
  });
});

test("both functions return a replacement of their argument, with its type", () => {
  const router = express5.Router();
  const handler: RequestHandler = maintenanceOff((request, response) => void response.send(request.path));
  maintenanceOff(router).get("/", handler);
  expect(router.stack).toHaveLength(1);
  const [first]: readonly RequestHandler[] = maintenanceOn([handsOn]);
  const [second]: readonly RequestHandler[] = maintenanceOff([handsOn]);
  expect([first?.length, second?.length]).toEqual([3, 3]);
  maintenanceOn(express5()).set("views", "elsewhere");
  maintenanceOff(express5()).set("views", "elsewhere");
  // @ts-expect-error A path is not a handler.
  expect(() => maintenanceOff("/status")).toThrow();
});
