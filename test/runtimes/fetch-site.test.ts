import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { type Controller, createController } from "../../src/control/controller.ts";
import type { Actor } from "../../src/state/actor.ts";
import { objectStorageStore } from "../../src/stores/object-storage.ts";
import type { Store } from "../../src/stores/store.ts";
import { requireService } from "../support/require-service.ts";
import { type S3Server, startS3 } from "../support/servers/s3.ts";
import { BUN, DENO, INSTALL_RUNTIMES, type RunningApp, removePackage, startApp, WORKERD } from "./runtime.ts";

const BY: Actor = { kind: "program", label: "tests" };
const CLOSE = { type: "close", sites: ["*"], message: "Back at nine" } as const;
const OPEN = { type: "open", sites: ["*"] } as const;

afterAll(removePackage);

for (const [runtime, app] of [
  [BUN, "bun.ts"],
  [DENO, "deno.ts"],
  [WORKERD, "worker.ts"],
  [WORKERD, "worker-on-request.ts"],
] as const) {
  requireService(
    runtime.name,
    INSTALL_RUNTIMES,
    runtime.binary !== null,
  )(`${app} on ${runtime.name}, a site over object storage`, () => {
    let s3: S3Server;
    let store: Store;
    let controller: Controller;
    let site: RunningApp | null = null;

    beforeEach(async () => {
      s3 = await startS3();
      store = objectStorageStore(settings());
      controller = createController({ store });
    });
    afterEach(async () => {
      await site?.stop();
      site = null;
      await controller.dispose();
      await store.close();
      await s3.close();
    });

    function settings() {
      const { bucket, accessKeyId, secretAccessKey } = s3;
      return { endpoint: s3.url, bucket, accessKeyId, secretAccessKey, timeout: 1_000 };
    }

    async function start(): Promise<void> {
      site = await startApp(runtime, app, { STORAGE: JSON.stringify(settings()) });
    }

    function get(path = "/", headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Promise<Response> {
      return fetch(`${site?.url}${path}`, { headers, redirect: "manual", ...(signal && { signal }) });
    }

    async function becomes(status: number): Promise<void> {
      await expect.poll(async () => (await get()).status, { timeout: 20_000, interval: 50 }).toBe(status);
    }

    test("follows a switch, sends the complete answer, and lets exempt clients in", async () => {
      await start();
      const open = await get("/a");
      expect([open.status, await open.text(), open.headers.get("Maintenance")]).toEqual([200, "hello from /a", null]);
      await controller.execute(CLOSE, BY);
      await becomes(503);
      const page = await get("/", { Accept: "text/html", "Accept-Language": "de" });
      expect(page.headers.get("Content-Language")).toBe("de");
      expect(page.headers.get("Cache-Control")).toBe("no-store");
      expect(await page.text()).toContain("Back at nine");
      const problem = await get("/", { Accept: "application/json" });
      expect(problem.headers.get("Content-Type")).toBe("application/problem+json");
      expect(await problem.json()).toMatchObject({ status: 503, mode: "closed", message: "Back at nine" });
      expect((await get("/healthz")).headers.get("Maintenance")).toBe("bypass;rule=path");
      const address = { "X-Forwarded-For": "203.0.113.7", "CF-Connecting-IP": "127.0.0.1" };
      expect((await get("/", address)).headers.get("Maintenance")).toBe("bypass;rule=address");
      await controller.execute(OPEN, BY);
      await becomes(200);
    });

    test("exchanges a bypass link for a cookie that lets in", async () => {
      await controller.execute(CLOSE, BY);
      const { query } = await controller.links.create({ site: undefined, label: "QA", expires: null, by: BY });
      await start();
      const opened = await get(`/a?x=1&${query}`);
      expect([opened.status, opened.headers.get("Location")]).toEqual([302, "/a?x=1"]);
      const cookie = opened.headers.get("Set-Cookie")?.split(";", 1)[0] ?? "";
      expect((await get("/a", { Cookie: cookie })).status).toBe(200);
      expect((await get("/a", { Cookie: `${cookie}x` })).status).toBe(503);
    });

    test("serves the admin, which switches it, also after a client has disconnected", async () => {
      await start();
      const ask = (command: string, signal?: AbortSignal) =>
        fetch(`${site?.url}/maintenance/api/v1/${command}`, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-Operator": "mia", Origin: site?.url ?? "" },
          body: JSON.stringify({ sites: ["*"] }),
          ...(signal && { signal }),
        });
      expect((await fetch(`${site?.url}/maintenance/`, { headers: { "X-Operator": "mia" } })).status).toBe(200);
      expect((await ask("close")).status).toBe(200);
      await becomes(503);
      s3.intercept(({ method }) => (method === "PUT" ? "nothing" : undefined));
      await ask("open", AbortSignal.timeout(150)).catch(() => null);
      s3.intercept(() => undefined);
      expect((await ask("open")).status).toBe(200);
      await becomes(200);
      expect((await controller.history({ limit: 9 })).map(({ by }) => by.label)).toEqual(["mia", "mia"]);
    });

    test("answers concurrent requests while the state is read, also at the start", async () => {
      await controller.execute(CLOSE, BY);
      await start();
      const first = await Promise.all(Array.from({ length: 40 }, () => get()));
      expect(new Set(first.map(({ status }) => status))).toEqual(new Set([503]));
      const seen = new Set<number>();
      for (const command of [OPEN, CLOSE, OPEN]) {
        await controller.execute(command, BY);
        const status = command === OPEN ? 200 : 503;
        await expect
          .poll(
            async () => {
              const answers = await Promise.all(Array.from({ length: 20 }, () => get()));
              for (const answer of answers) seen.add(answer.status);
              return answers.every((answer) => answer.status === status);
            },
            { timeout: 20_000, interval: 10 },
          )
          .toBe(true);
      }
      expect(seen).toEqual(new Set([200, 503]));
    });

    test("is not blocked by a client that disconnects while the state is read", async () => {
      await controller.execute(CLOSE, BY);
      await start();
      for (let round = 0; round < 3; round += 1) {
        s3.intercept(() => "nothing");
        const left = Array.from({ length: 5 }, () => get("/", {}, AbortSignal.timeout(150)).catch(() => null));
        await Promise.all(left);
        s3.intercept(() => undefined);
        await controller.execute(round % 2 === 0 ? OPEN : CLOSE, BY);
        await becomes(round % 2 === 0 ? 200 : 503);
      }
    });

    test("keeps its state while the storage is unreachable, and follows again", async () => {
      await controller.execute(CLOSE, BY);
      await start();
      await becomes(503);
      for (const failure of [[503, "SlowDown"] as const, "nothing" as const]) {
        s3.intercept(() => failure);
        for (let request = 0; request < 20; request += 1) expect((await get()).status).toBe(503);
      }
      s3.intercept(() => undefined);
      await controller.execute(OPEN, BY);
      await becomes(200);
    });
  });
}
