import { once } from "node:events";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../src/control/command.ts";
import { createController } from "../../src/control/controller.ts";
import { fileStore } from "../../src/stores/file.ts";
import { send, type WireAnswer, type WireRequest } from "../../src/testing/adapters/client.ts";
import { type Quickstart, runQuickstart, startQuickstart } from "../support/quickstart.ts";

describe("the quickstart, switched by another process", () => {
  let site: Quickstart;
  beforeAll(async () => {
    site = await startQuickstart();
  });
  afterAll(() => site.dispose());

  const ask = (host: string, request: WireRequest = {}): Promise<WireAnswer> =>
    send(`http://127.0.0.1:${site.port}`, { ...request, headers: { Host: host, ...request.headers } });

  /** Executes a command on the state file, and resolves when the running server reports that it has applied it. */
  async function execute(command: Command): Promise<void> {
    const sites = { shop: { hosts: ["shop.localhost"] }, blog: { hosts: ["blog.localhost"] } };
    const controller = createController({ store: fileStore({ path: site.statePath }), sites });
    const { position } = await controller.execute(command, { kind: "program", label: "test" });
    for (;;) {
      const { maintenance } = JSON.parse((await ask("localhost", { path: "/healthz" })).body);
      if (maintenance.lineage === position.lineage && maintenance.version >= position.version) return;
    }
  }

  async function signIn(name: string, password: string): Promise<string> {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = `name=${name}&password=${password}`;
    const { cookies } = await ask("shop.localhost", { method: "POST", path: "/admin/login", headers, body });
    return (cookies[0] ?? "").split(";")[0] ?? "";
  }

  test("prints its URL and its state, and the next command", () => {
    expect(site.output()).toContain(`http://shop.localhost:${site.port}`);
    expect(site.output()).toContain(`State: file ${site.statePath}`);
    expect(site.output()).toContain('npx maintenance-mode on --message "Back at nine"');
  });

  test("has an admin for operators behind the printed password, also while it is closed", async () => {
    const [, password = ""] = /password: (\S+)/.exec(site.output()) ?? [];
    await execute({ type: "close" });
    expect((await ask("localhost", { path: "/maintenance/" })).status).toBe(200);
    const body = JSON.stringify({ password });
    const headers = { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" };
    const path = "/maintenance/api/v1/session";
    expect(
      (await ask("localhost", { method: "POST", path, headers, body: '{"password":"not this one"}' })).status,
    ).toBe(401);
    expect((await ask("localhost", { method: "POST", path, headers, body })).status).toBe(200);
    await execute({ type: "open" });
  });

  test("serves two sites, an API, a health check and an admin area while all is open", async () => {
    expect((await ask("shop.localhost")).body).toContain("Reading lamp");
    expect((await ask("blog.localhost")).body).toContain("On reading lamps");
    expect((await ask("localhost")).body).toContain("Two sites, one switch each");
    expect(JSON.parse((await ask("localhost", { path: "/api/products/lamp" })).body).price).toBe(54);
    expect((await ask("localhost", { path: "/admin" })).headers.get("location")).toBe("/admin/login");
    expect((await ask("localhost", { path: "/nowhere" })).status).toBe(404);
  });

  test("closes one site for visitors, and admits the configured exemptions", async () => {
    const staff = await signIn("sofia", "staff");
    const customer = await signIn("carl", "customer");
    await execute({ type: "close", sites: ["shop"], message: "Back at nine" });

    const closed = await ask("shop.localhost");
    expect([closed.status, closed.body.includes("Back at nine")]).toEqual([503, true]);
    expect((await ask("blog.localhost")).status).toBe(200);
    const problem = await ask("shop.localhost", { path: "/api/products" });
    expect(problem.headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.parse(problem.body)).toMatchObject({ status: 503, site: "shop", message: "Back at nine" });

    const exempt: readonly [WireRequest, string][] = [
      [{ path: "/healthz" }, "path"],
      [{ path: "/admin/login" }, "path"],
      [{ method: "OPTIONS", path: "/api/products" }, "method"],
      [{ headers: { "X-Forwarded-For": "10.0.0.42" } }, "address"],
      [{ headers: { Cookie: staff } }, "user"],
    ];
    for (const [request, rule] of exempt) {
      const answer = await ask("shop.localhost", request);
      expect([answer.status, answer.headers.get("maintenance")]).toEqual([200, `bypass;rule=${rule}`]);
    }
    expect((await ask("shop.localhost", { headers: { Cookie: staff } })).body).toContain(
      "You see it because you are exempt",
    );
    expect((await ask("shop.localhost", { headers: { Cookie: customer } })).status).toBe(503);
    expect((await ask("shop.localhost", { headers: { Cookie: `${staff}x` } })).status).toBe(503);
    expect(await signIn("sofia", "staff")).toMatch(/^session=/);
    const status = await ask("shop.localhost", { path: "/status" });
    expect([status.status, status.headers.has("maintenance")]).toEqual([200, false]);

    await execute({ type: "open", sites: ["shop"] });
    const open = await ask("shop.localhost");
    expect([open.status, open.headers.has("maintenance")]).toEqual([200, false]);
  });

  test("serves reading requests while it is read-only, and refuses orders", async () => {
    await execute({ type: "close", sites: ["shop"], mode: "read-only" });
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const search = { method: "POST", path: "/search", headers: form, body: "words=lamp" };
    expect((await ask("shop.localhost", search)).body).toContain("1 found");
    const order = { method: "POST", path: "/api/orders", body: '{"product":"lamp"}' };
    const headers = { "Content-Type": "application/json" };
    expect((await ask("shop.localhost", { ...order, headers })).status).toBe(503);
    await execute({ type: "open", sites: ["shop"] });
    expect((await ask("shop.localhost", { ...order, headers })).status).toBe(201);
  });

  test("names a port that is in use, and how to choose another", async () => {
    const second = runQuickstart(String(site.port), tmpdir());
    expect(await second.ended).toBe(1);
    expect(second.output()).toBe(`Port ${site.port} is in use. Choose another: PORT=${site.port + 1} npm start\n`);
  });

  test("explains an invalid port", async () => {
    const wrong = runQuickstart("80a", tmpdir());
    expect(await wrong.ended).toBe(1);
    expect(wrong.output()).toContain("PORT is '80a', which is no port.");
  });

  test("listens only on this machine, because its admin takes a password over plain HTTP", async () => {
    expect((await send(`http://127.0.0.1:${site.port}`)).status).toBe(200);
    await expect(send(`http://127.0.0.2:${site.port}`)).rejects.toThrow("ECONNREFUSED");
  });

  test("treats an empty PORT as not set", async () => {
    const started = runQuickstart("", tmpdir());
    // The default port may be in use on this machine.
    const named = await Promise.race([
      started.ended.then(() => started.output()),
      once(started.process.stdout ?? started.process, "data").then(() => started.output()),
    ]);
    started.process.kill();
    expect(named).toMatch(/localhost:3000|Port 3000 is in use/);
  });

  test("stops cleanly", async () => {
    const ended = once(site.process, "close");
    site.process.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});
