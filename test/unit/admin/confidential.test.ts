import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Admin, createAdmin } from "../../../src/admin/admin.ts";
import { type GateUnderTest, gateUnderTest } from "../../support/gate-under-test.ts";

const PASSWORD = "correct horse battery";

let under: GateUnderTest;
let admin: Admin;

beforeEach(() => {
  under = gateUnderTest({});
  admin = createAdmin({ ...under, password: PASSWORD });
});

afterEach(async () => {
  admin.close();
  await under.gate.close();
  await under.controller.dispose();
});

async function signIn(address: string | undefined, headers: Record<string, string> = {}): Promise<number> {
  const request = new Request("http://localhost:9000/maintenance/api/v1/session", {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers },
    body: JSON.stringify({ password: PASSWORD }),
  });
  return (await admin.fetch(request, { address })).status;
}

describe("a password by plain http, with `Host: localhost`", () => {
  test.each(["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])("is accepted from %s", async (address) => {
    expect(await signIn(address)).toBe(200);
  });

  test.each(["192.0.2.1", "10.0.0.5", "::ffff:10.0.0.5", "fe80::1", undefined])(
    "is refused from %s",
    async (address) => {
      expect(await signIn(address)).toBe(403);
    },
  );

  test.each(["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"])(
    "is refused from a proxy on this machine that announces itself in %s",
    async (name) => {
      expect(await signIn("127.0.0.1", { [name]: "203.0.113.5" })).toBe(403);
    },
  );
});

test("a password is refused if the page came through a proxy that sets Host and adds no header", async () => {
  for (const origin of ["https://admin.example", "http://admin.example", "http://192.0.2.7:9000"])
    expect(await signIn("127.0.0.1", { origin }), origin).toBe(403);
  for (const origin of ["http://localhost:9000", "http://127.0.0.1:5173", "http://[::1]:9000"])
    expect(await signIn("127.0.0.1", { origin }), origin).toBe(200);
});

test("signing out clears the browser's cache, and the page disallows the camera and other devices", async () => {
  const request = new Request("https://admin.example/maintenance/api/v1/session", {
    method: "DELETE",
    headers: { "sec-fetch-site": "same-origin" },
  });
  const { status, headers } = await admin.fetch(request, { address: "192.0.2.1" });
  expect([status, headers.get("clear-site-data")]).toEqual([204, '"cache"']);
  const form = await admin.fetch(
    new Request("https://admin.example/maintenance/sign-out", {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
      body: "",
    }),
    { address: "192.0.2.1" },
  );
  expect(form.headers.get("clear-site-data")).toBe('"cache"');
  const page = await admin.fetch(new Request("https://admin.example/maintenance/"), { address: "192.0.2.1" });
  expect(page.headers.get("permissions-policy")).toContain("camera=()");
});

test("of 300 refused requests of three clients, a sample is logged, and then the number of the others", async () => {
  const ask = (address: string): Promise<Response> =>
    admin.fetch(new Request("https://admin.example/maintenance/api/v1/sites"), { address });
  for (let round = 0; round < 100; round += 1) {
    for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) expect((await ask(address)).status).toBe(401);
  }
  const refused = (): readonly string[] => under.log.filter((line) => line.includes("The admin refused"));
  expect(refused()).toHaveLength(30);
  await under.clock.advance(60_000);
  await ask("192.0.2.1");
  expect(refused().slice(30)).toEqual([
    expect.stringContaining("270 more requests"),
    expect.stringContaining("192.0.2.1"),
  ]);
});
