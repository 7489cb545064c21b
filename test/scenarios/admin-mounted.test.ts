import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import express from "express";
import express4 from "express-4";
import { afterEach, describe, expect, test } from "vitest";
import { expressAdmin } from "../../src/adapters/express.ts";
import { serve } from "../support/serve.ts";
import { type AdminServer, type AdminServerOptions, adminServer, inExpress, signIn } from "./admin-server.ts";

let server: AdminServer;
const more: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await server.close();
  for (const one of more.splice(0)) await one.close();
});

const EXPRESS: AdminServerOptions = { admin: { basePath: "/ops/maintenance" }, listen: inExpress(express) };
const EXPRESS_4: AdminServerOptions = { admin: { basePath: "/ops/maintenance" }, listen: inExpress(express4) };

async function close(at: AdminServer, cookie: string, body: object): Promise<Response> {
  return await fetch(`${at.url}${at.admin.basePath}/api/v1/close`, {
    method: "POST",
    headers: { cookie, origin: at.url, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

describe.each([
  ["on node:http behind guard", {}],
  ["in Express 5 below a mounted prefix, behind guard and expressMaintenance", EXPRESS],
  ["in Express 4 in the same way", EXPRESS_4],
])("%s", (_where, options: AdminServerOptions) => {
  test.each([{ lockdown: false }, { lockdown: true }])(
    "answers while everything is closed, including sign-in ($lockdown)",
    async ({ lockdown }) => {
      server = await adminServer(options);
      await server.controller.execute({ type: "close", sites: ["*"], lockdown }, { kind: "program", label: "test" });
      await server.gate.refresh();
      expect((await fetch(server.url)).status).toBe(503);

      const base = `${server.url}${server.admin.basePath}`;
      const bare = await fetch(base, { redirect: "manual" });
      expect([bare.status, bare.headers.get("location")]).toEqual([302, "maintenance/"]);
      const page = await fetch(base);
      expect(page.status).toBe(200);
      expect(page.url).toBe(`${base}/`);
      expect(await page.text()).toContain('method="post" action="./sign-in">');

      const cookie = await signIn(server);
      const open = await fetch(`${base}/api/v1/open`, {
        method: "POST",
        headers: { cookie, origin: server.url, "content-type": "application/json" },
        body: JSON.stringify({ sites: ["*"] }),
      });
      expect(open.status).toBe(200);
      expect(await (await fetch(server.url)).text()).toBe("the application");
    },
  );

  test("streams the lines of a wait for everything, which does not wait for that request", async () => {
    server = await adminServer(options);
    await server.gate.ready();
    const cookie = await signIn(server);
    const answer = await fetch(`${server.url}${server.admin.basePath}/api/v1/close-and-wait`, {
      method: "POST",
      headers: { cookie, origin: server.url, "content-type": "application/json" },
      body: JSON.stringify({ sites: ["*"], lockdown: true, wait: { timeout: "1m", expect: 1, cut: "1s" } }),
    });
    expect(answer.headers.get("content-length")).toBe(null);
    const lines = (await answer.text()).trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(2);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ event: "result", wait: { exit: 0, reasons: [] } });
  });

  test("leaves other paths to the application", async () => {
    server = await adminServer(options);
    for (const path of ["/maintenanc", "/maintenances", "/ops", "/Maintenance/"]) {
      expect(await (await fetch(server.url + path)).text()).toBe("the application");
    }
  });

  test("works behind a proxy that strips a path", async () => {
    server = await adminServer(options);
    const { port } = new URL(server.url);
    const proxy = await serve(
      createServer((incoming, outgoing) => {
        const path = incoming.url?.replace(/^\/stripped/, "");
        const { method, headers } = incoming;
        incoming.pipe(
          httpRequest({ port, path, method, headers }, (answer) => {
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(outgoing);
          }),
        );
      }),
    );
    more.push(proxy);
    const base = `${proxy.url}/stripped${server.admin.basePath}`;
    const page = await fetch(base);
    expect(page.url).toBe(`${base}/`);
    const form = await fetch(new URL("./sign-in", page.url), {
      method: "POST",
      redirect: "manual",
      headers: { origin: proxy.url, "content-type": "application/x-www-form-urlencoded" },
      body: "password=correct+horse+battery",
    });
    expect(form.status).toBe(303);
    const cookie = form.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    const back = await fetch(new URL(form.headers.get("location") ?? "", form.url), { headers: { cookie } });
    const text = await back.text();
    expect(text).toContain("You are signed in.");
    expect(text).toContain('<label for="site-shop">shop</label>');
    expect(text.match(/(?:href|src|action)="(?!\.\/|data:)[^"]*"/g)).toBe(null);
  });
});

test("works after express.json() and express.urlencoded() have read the body", async () => {
  server = await adminServer({
    listen: ({ admin }) => express().use(express.json(), express.urlencoded({ extended: false }), expressAdmin(admin)),
  });
  const cookie = await signIn(server);
  expect((await close(server, cookie, { sites: ["shop"] })).status).toBe(200);
  const form = await fetch(`${server.url}/maintenance/open`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie, origin: server.url, "content-type": "application/x-www-form-urlencoded" },
    body: "site=shop&site=blog",
  });
  expect(form.headers.get("location")).toBe("./?done=open");
  expect(server.gate.mode("shop")).toBe("open");
});

test("shows a switch at once to the user who made it, with the name in the log and the history", async () => {
  server = await adminServer();
  const cookie = await signIn(server);
  const response = await close(server, cookie, { sites: ["shop", "blog"], reason: "moving" });
  expect(await response.json()).toMatchObject({ outcomes: [{ effect: "closed" }, { effect: "closed" }] });
  expect((await fetch(server.url, { headers: { host: "shop.example" } })).status).toBeLessThan(600);
  expect(server.gate.mode("shop")).toBe("closed");
  const [change] = await server.controller.history();
  expect(change).toMatchObject({ by: { kind: "admin", from: "127.0.0.1" }, reason: "moving", command: "close" });
  expect(server.log.some((line) => /from 127\.0\.0\.1: closeSites on shop, blog, because "moving"/.test(line))).toBe(
    true,
  );
});

describe.each([
  ["Express 5", express],
  ["Express 4", express4],
])("authorize in %s", (_name, framework) => {
  test("gets the framework's request, with the user that its middleware has set", async () => {
    server = await adminServer({
      admin: {
        password: undefined,
        authorize(_request, original: object & { user?: { email: string; isSuperuser: boolean } }) {
          const { user } = original;
          return user?.isSuperuser === true ? { name: user.email, may: ["view"] } : null;
        },
      },
      listen({ admin }) {
        const app = framework();
        app.use((request: object & { headers: IncomingHttpHeaders }, _response: unknown, next: () => void) => {
          const email = request.headers["x-session"];
          if (typeof email === "string") Object.assign(request, { user: { email, isSuperuser: email === "ada" } });
          next();
        });
        app.use(expressAdmin(admin));
        return app;
      },
    });
    const ask = async (email: string): Promise<Response> =>
      await fetch(`${server.url}/maintenance/api/v1/session`, { headers: { "x-session": email } });
    expect(await (await ask("ada")).json()).toMatchObject({ name: "ada", via: "application" });
    expect((await ask("bob")).status).toBe(401);
  });
});
