import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchMaintenance } from "../../../src/adapters/fetch.ts";
import { BY } from "../../support/gate-under-test.ts";
import { type AdminUnderTest, adminUnderTest } from "./admin-under-test.ts";

let under: AdminUnderTest;
let served: (request: Request) => Response | Promise<Response>;

beforeEach(async () => {
  under = adminUnderTest();
  const { admin, gate } = under;
  served = fetchMaintenance(gate, (request: Request) => {
    const { pathname } = new URL(request.url);
    const own = pathname === admin.basePath || pathname.startsWith(`${admin.basePath}/`);
    return own ? admin.fetch(request) : new Response("the application");
  });
  await under.controller.execute({ type: "close", sites: ["*"], lockdown: true }, BY);
  await gate.refresh();
});

afterEach(() => under.close());

async function statusOf(path: string): Promise<number> {
  return (await served(new Request(`http://shop.example${path}`, { headers: { "x-user": "root" } }))).status;
}

test("in front of a fetch handler, only the admin answers in lockdown", async () => {
  expect(await statusOf("/")).toBe(503);
  expect(await statusOf("/maintenance")).toBe(302);
  expect(await statusOf("/maintenance/")).toBe(200);
  expect(await statusOf("/maintenance/api/v1/sites")).toBe(200);
});

test.each([
  "/maintenance/../x",
  "/maintenance/%2e%2e/x",
  "/maintenance%2f",
  "/maintenance;x/",
  "/Maintenance/",
  "//maintenance/api/v1/sites",
  "/maintenances",
])("%s is closed like every other path", async (path) => {
  expect(await statusOf(path)).toBe(503);
});

test.each([
  "/maintenance//",
  "/maintenance/api%2fv1/sites",
  "/maintenance//api/v1/sites",
  "/maintenance/api/v1/sites;x",
  "/maintenance/API/v1/sites",
])("%s reaches no route of the admin", async (path) => {
  expect([404, 503]).toContain(await statusOf(path));
});

test("a base path of / exempts no other path from the gate", async () => {
  const { adminWith } = await import("../../../src/admin/admin-with.ts");
  const admin = adminWith(under.access, { ...under, basePath: "/" });
  expect((await admin.fetch(new Request("http://a.example/", { headers: { "x-user": "root" } }))).status).toBe(200);
  expect(await statusOf("/")).toBe(503);
  admin.close();
});
