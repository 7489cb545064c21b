import { afterEach, beforeEach, expect, test } from "vitest";
import { type AdminServer, adminServer, signIn } from "./admin-server.ts";

const BY = { kind: "cli", label: "test" } as const;

let server: AdminServer;

beforeEach(async () => {
  server = await adminServer();
});

afterEach(() => server.close());

/** Requests the preview as the frame in the page does. */
async function preview(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`${server.url}/maintenance/preview`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
    redirect: "manual",
  });
}

async function tokenFor(site: string): Promise<string> {
  const { token } = await server.controller.tokens.create({ name: "ci", may: ["view"], sites: [site], by: BY });
  await server.gate.refresh();
  return token;
}

test("a token in a form gives the preview to a client without a session, and is not logged or stored", async () => {
  const token = await tokenFor("shop");
  const response = await preview({ token, site: "shop", message: "Back <soon>" });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("Back &lt;soon&gt;");
  expect(response.headers.get("content-security-policy")).toMatch(/sandbox; frame-ancestors 'self'$/);
  expect(response.headers.get("x-frame-options")).toBe("SAMEORIGIN");
  expect((await preview({ token, site: "blog" })).status).toBe(403);
  expect((await preview({ token: `${token}x`, site: "shop" })).status).toBe(401);
  expect((await preview({ token: "mm_é\r\nx: y", site: "shop" })).status).toBe(401);
  expect(server.log.join("\n")).not.toContain(token);
});

test("a session gives the preview only to the admin's own page", async () => {
  const cookie = await signIn(server);
  expect((await preview({ site: "shop" }, { cookie, origin: server.url })).status).toBe(200);
  for (const from of [{}, { origin: "https://evil.example" }, { "sec-fetch-site": "same-site" }]) {
    const refused = await preview({ site: "shop" }, { cookie, ...from });
    expect([refused.status, refused.headers.get("content-type")]).toEqual([403, "text/plain; charset=utf-8"]);
  }
});

test("the longest message fits, and errors are shown in the frame", async () => {
  const token = await tokenFor("*");
  const message = "س".repeat(5_000);
  expect(await (await preview({ token, message })).text()).toContain(message);
  const wrong = await preview({ token, site: "nope" });
  expect([wrong.status, wrong.headers.get("x-frame-options")]).toEqual([404, "SAMEORIGIN"]);
  expect(await wrong.text()).toBe("There is no preview: There is no site 'nope'.");
  expect((await preview({ token, colour: "red" })).status).toBe(422);
  expect((await fetch(`${server.url}/maintenance/preview`)).status).toBe(405);
});
