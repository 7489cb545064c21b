import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express5, { type Express } from "express";
import express4 from "express-4";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adapterGate, decideRequest, nodeFacts, planWithView, type RenderView } from "../../src/adapters/adapter.ts";
import { expressMaintenance, maintenanceOn } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { send } from "../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";
import { testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";

const VIEW = "<title>{title}</title> {message} {language} {direction} {until} {moreUrl} {site} {mode} {phone} {app}";

const served: ServedApp[] = [];
let views: string;
beforeEach(async () => {
  views = await mkdtemp(join(tmpdir(), "views-"));
  await writeFile(join(views, "503.html"), VIEW);
});
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
  await rm(views, { recursive: true });
});

/** Reads a file, and replaces the names in braces by their values. */
async function fill(path: string, values: object): Promise<string> {
  const text = await readFile(path, "utf8");
  return text.replace(/\{(\w+)\}/g, (_whole, name: string) => String(Reflect.get(values, name)));
}

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("a view of %s", (_name, express) => {
  async function closedApp(
    options: MaintenanceOptions = {},
    withGuard = false,
    finish: (app: Express) => unknown = () => {},
  ) {
    const test = await testGate({ template: { view: "503" }, ...options });
    await test.close({ title: "Moving house", message: "Back at nine", moreUrl: "https://status.example/" });
    const app = express();
    app.engine("html", (path, values, callback) => {
      fill(path, values).then(
        (html) => callback(null, html),
        (error: unknown) => callback(error),
      );
    });
    app.set("view engine", "html").set("views", views);
    app.locals.app = "of the app";
    app.use(expressMaintenance(test.gate));
    finish(app);
    const server = createServer(app);
    if (withGuard) guard(server, test.gate);
    const it = await serve(server);
    served.push(it);
    return { ...test, ask: (request: Parameters<typeof send>[1] = {}) => send(it.url, request) };
  }

  test.each([
    ["inside alone", false],
    ["with a guard in front", true],
  ])("replaces the page, with its status and headers: %s", async (_where, withGuard) => {
    const context = () => ({ phone: "+49 30 1234567", title: "not this one" });
    const { ask, gate, errors } = await closedApp({ context, statusCode: 599, refresh: 60 }, withGuard);
    const answer = await ask({ headers: { "Accept-Language": "ar" } });
    expect(answer.status).toBe(599);
    expect(answer.body).toBe(
      "<title>Moving house</title> Back at nine ar rtl null https://status.example/ * closed +49 30 1234567 of the app",
    );
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "content-language": "ar",
      "content-length": String(Buffer.byteLength(answer.body)),
      "content-type": "text/html; charset=utf-8",
      maintenance: 'closed;site="*";version=1',
      refresh: "60",
      vary: "Accept, Accept-Language",
    });
    expect(headers).not.toHaveProperty("content-security-policy");
    const head = await ask({ method: "HEAD", headers: { "Accept-Language": "ar" } });
    expect([head.body, head.headers.get("content-length")]).toEqual(["", headers["content-length"]]);
    expect(gate.counters().blocked).toEqual([{ site: "*", reason: "mode", count: 2 }]);
    expect(errors).toEqual([]);
  });

  test("is not used for JSON, plain text, redirects, or an answer of the application", async () => {
    const { ask } = await closedApp({
      respond: (request) => (request.header("x-own") === undefined ? undefined : { body: "own" }),
    });
    const accepts = async (Accept: string) => (await ask({ headers: { Accept } })).headers.get("content-type");
    expect(await accepts("application/json")).toBe("application/problem+json");
    expect(await accepts("text/plain")).toBe("text/plain; charset=utf-8");
    expect((await ask({ headers: { "X-Own": "yes" } })).body).toBe("own");
    expect((await ask()).body).toMatch(/^<title>Moving house/);
    const redirected = await closedApp({ redirect: "/down" });
    expect((await redirected.ask({ headers: { Accept: "text/html" } })).status).toBe(302);
  });

  test.each([
    ["that is not there", (): void => {}, "missing", /The view 'missing' failed, .*Failed to lookup view/],
    [
      "that throws",
      (app: Express): void =>
        void app.engine("html", () => {
          throw new Error("broken");
        }),
      "503",
      /broken/,
    ],
    [
      "whose engine gives no text",
      (app: Express): void => void app.engine("html", (_path, _values, callback) => callback(null)),
      "503",
      /no text/,
    ],
  ])("%s is replaced by the built-in page, and reported", async (_what, breakIt, view, report) => {
    const { ask, errors } = await closedApp({ template: { view } }, true, breakIt);
    const answer = await ask();
    expect([answer.status, answer.body.includes("Moving house")]).toEqual([503, true]);
    expect(answer.headers.has("content-security-policy")).toBe(true);
    expect(errors).toEqual([expect.stringMatching(report)]);
  });

  test("is used for a route that is forced closed", async () => {
    const { ask, open } = await closedApp({}, false, (app) => {
      app.get(
        "/",
        maintenanceOn((_request, response) => void response.send("never")),
      );
    });
    await open();
    const answer = await ask();
    expect([answer.status, answer.body.startsWith("<title>")]).toEqual([503, true]);
  });

  test("a guard without a middleware inside sends the built-in page", async () => {
    const { gate, close } = await testGate({ template: { view: "503" } });
    await close();
    const server = createServer((_request, response) => response.end("app"));
    guard(server, gate);
    const it = await serve(server);
    served.push(it);
    const answer = await send(it.url);
    expect([answer.status, answer.headers.has("content-security-policy")]).toEqual([503, true]);
  });
});

describe("a view that an adapter of one's own renders", () => {
  async function closedServer(options: MaintenanceOptions, render: RenderView) {
    const test = await testGate(options);
    await test.close({ title: "Moving house" });
    const inside = adapterGate(test.gate);
    const server = createServer(async (request, response) => {
      const facts = nodeFacts(inside, request);
      const decision = await decideRequest(inside, facts, request);
      if (decision === null || decision.outcome === "allow") return void response.end("app");
      const { status, headers, body } = await planWithView(inside, decision, facts, render);
      response.writeHead(status, [...headers]).end(body ?? undefined);
    });
    const it = await serve(server);
    served.push(it);
    return { ...test, ask: (request: Parameters<typeof send>[1] = {}) => send(it.url, request) };
  }
  const template = { view: "503" };
  const render: RenderView = (view, { title, mode }) => `<title>${view} ${title} ${mode}</title>`;

  test("takes the place of the page, and of nothing else", async () => {
    const { ask, errors } = await closedServer({ template }, async (...given) => render(...given));
    const answer = await ask();
    expect([answer.status, answer.body]).toEqual([503, "<title>503 Moving house closed</title>"]);
    expect(answer.headers.get("content-length")).toBe(String(answer.body.length));
    expect((await ask({ headers: { Accept: "application/json" } })).body).toContain('"mode":"closed"');
    expect(errors).toEqual([]);
  });

  test("is not rendered where the configuration names none", async () => {
    const { ask } = await closedServer({}, () => Promise.reject(new Error("rendered")));
    expect((await ask()).headers.has("content-security-policy")).toBe(true);
  });

  test.each<[string, RenderView]>([
    ["throws", () => JSON.parse("{")],
    ["rejects", () => Promise.reject(new Error("no such view"))],
    ["returns no text", () => undefined as never],
  ])("gives way to the built-in page if it %s, and is reported", async (_what, failing) => {
    const { ask, errors } = await closedServer({ template }, failing);
    expect((await ask()).headers.has("content-security-policy")).toBe(true);
    expect(errors).toEqual([expect.stringContaining("The view '503' failed, so the built-in page is sent")]);
  });
});
