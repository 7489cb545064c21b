import { expect, test } from "vitest";
import { adminWith } from "../../../src/admin/admin-with.ts";
import { createController } from "../../../src/control/controller.ts";
import { BY } from "../../support/gate-under-test.ts";
import { adminUnderTest, SITES } from "./admin-under-test.ts";

test("while the store is unreachable, the last state is shown, and every change is refused with 503", async () => {
  const under = adminUnderTest();
  await under.controller.execute({ type: "close", sites: ["shop"] }, BY);
  await under.gate.refresh();
  const controller = createController({ ...SITES, store: under.store, clock: under.clock });
  const admin = adminWith(under.access, { gate: under.gate, controller });
  const ask = async (method: string, path: string, body?: object, headers = {}): Promise<Response> =>
    await admin.fetch(
      new Request(`http://admin.example/maintenance/${path}`, {
        method,
        headers: { "x-user": "root", "content-type": "application/json", ...headers },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  under.store.inject("fail", "load", "changesSince", "commit", "history");
  await under.gate.refresh();

  expect(await (await ask("GET", "api/v1/sites/shop")).json()).toMatchObject({ mode: "closed" });
  expect(await (await ask("GET", "api/v1/health")).json()).toMatchObject({
    state: "stale",
    error: { code: "ERR_STORE_UNAVAILABLE" },
  });
  expect((await ask("GET", "")).status).toBe(200);
  const changes: readonly [string, string, object?][] = [
    ["POST", "api/v1/open", { sites: ["shop"] }],
    ["POST", "api/v1/close", { sites: ["shop"], dryRun: true }],
    ["PATCH", "api/v1/sites/shop", { lockdown: true }],
    ["DELETE", "api/v1/sites/shop"],
    ["POST", "api/v1/sites", { site: "news" }],
    ["POST", "api/v1/sites/shop/links", { label: "QA" }],
    ["DELETE", "api/v1/sites/shop/links"],
    ["POST", "api/v1/tokens", { name: "ci", may: ["view"] }],
    ["GET", "api/v1/history"],
  ];
  for (const [method, path, body] of changes) {
    const response = await ask(method, path, body, { "if-match": '"1"' });
    expect([method, path, response.status]).toEqual([method, path, 503]);
    expect(await response.json()).toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  }
  under.store.recover();
  expect((await ask("POST", "api/v1/open", { sites: ["shop"] })).status).toBe(200);
  expect(under.gate.mode("shop")).toBe("open");
  admin.close();
  await controller.dispose();
  await under.close();
});

test("an unexpected error is a generic 500, and the log has the details", async () => {
  const under = adminUnderTest();
  const controller = { ...under.controller, history: () => Promise.reject(new TypeError("secret detail")) };
  const admin = adminWith(under.access, { gate: under.gate, controller });
  const request = new Request("http://admin.example/maintenance/api/v1/history", { headers: { "x-user": "root" } });
  const response = await admin.fetch(request);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("secret detail");
  expect(under.log.at(-1)).toMatch(/with 500 .*secret detail/);
  admin.close();
  await under.close();
});

test("an entry of the log is one line, whatever the name and the reason contain", async () => {
  const under = adminUnderTest();
  under.access.add("eve", ["switch"]);
  await under.ask("POST close", { sites: ["shop"], reason: 'a\nThe admin: "root" did it' }, { "x-user": "eve" });
  await under.ask("GET sites/%0aThe%20admin", undefined, { "x-user": "eve" });
  expect(under.log.filter((line) => /[\n\r]/.test(line))).toEqual([]);
  await under.close();
});
