import { expect, test } from "vitest";
import { createGate } from "../../../src/gate.ts";
import { inEachPlace, serveApp } from "./served-app.ts";

const JSON_CLIENT = { Accept: "application/json" };

test.each(["/a%2Fb", "/.//evil.example", "//evil.example", "/\\evil.example"])(
  "row 4: %j, which may not be reachable by every client, is refused when it is set",
  (redirect) => {
    expect(() => createGate({ redirect })).toThrow(expect.objectContaining({ code: "ERR_INVALID_OPTION" }));
  },
);

const BROWSER = { Accept: "text/html" };

inEachPlace("answers to visitors, %s", (place) => {
  test("row 1: while all is open, the app's own answer is unchanged", async () => {
    const bare = await (await serveApp(place, {}, { gate: false })).ask();
    const guarded = await (await serveApp(place, { refresh: 60, retryAfter: 60 })).ask();
    expect([guarded.status, guarded.body]).toEqual([bare.status, bare.body]);
    const without = (headers: ReadonlyMap<string, string>) => [...headers].filter(([name]) => name !== "date");
    expect(without(guarded.headers)).toEqual(without(bare.headers));
  });

  test("row 2: closed, the answer is a 503 with the configured Retry-After and Refresh", async () => {
    const { execute, ask, reached } = await serveApp(place, { retryAfter: 60, refresh: 60 });
    await execute({ type: "close" });
    const { status, headers } = await ask({ path: "/foo" });
    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("60");
    expect(headers.get("refresh")).toBe("60");
    expect(headers.get("cache-control")).toContain("no-store");
    expect(reached).toEqual([]);
  });

  test("row 3: an HTML template is not sent to programs", async () => {
    const { execute, ask } = await serveApp(place, { template: ({ message }) => `<p>ours: ${message}</p>` });
    await execute({ type: "close", message: "Back at nine" });
    expect((await ask()).body).toBe("<p>ours: Back at nine</p>");
    const { status, headers, body } = await ask({ headers: JSON_CLIENT });
    expect([status, headers.get("content-type"), headers.get("retry-after")]).toEqual([
      503,
      "application/problem+json",
      "3600",
    ]);
    expect(JSON.parse(body)).toMatchObject({ status: 503, mode: "closed", message: "Back at nine", retryAfter: 3600 });
  });

  test("row 4: browsers are redirected, programs are not, and the target itself passes", async () => {
    const { execute, ask, statusOf } = await serveApp(place, { redirect: "/down" });
    await execute({ type: "close" });
    const { status, headers } = await ask({ path: "/foo", headers: BROWSER });
    expect([status, headers.get("location"), headers.get("cache-control")]).toEqual([302, "/down", "no-store"]);
    expect([await statusOf("/foo", JSON_CLIENT), await statusOf("/down"), await statusOf("/down?x")]).toEqual([
      503, 200, 200,
    ]);
  });

  test.each([
    ["/down#top", "/down#top"],
    ["/down?next=%2Fhome&x=a%26b", "/down?next=%2Fhome&x=a%26b"],
    ["/x/../down", "/down"],
    ["/wartung ü", "/wartung%20%C3%BC"],
    ["http://localhost/down", "http://localhost/down"],
    ["http://localhost./down", "http://localhost./down"],
  ])("row 4: a browser that is redirected to %j goes to %s and arrives", async (redirect, location) => {
    const { execute, ask } = await serveApp(place, { redirect, sites: { app: { hosts: ["localhost"] } } });
    await execute({ type: "close" });
    const sent = await ask({ headers: { ...BROWSER, Host: "localhost" } });
    expect([sent.status, sent.headers.get("location")]).toEqual([302, location]);
    const { host: Host, pathname, search } = new URL(location, "http://localhost");
    expect((await ask({ path: `${pathname}${search}`, headers: { Host } })).status).toBe(200);
  });

  test("row 5: JSON for the configured paths, HTML elsewhere", async () => {
    const { execute, ask } = await serveApp(place, { jsonPaths: ["/api/*"] });
    await execute({ type: "close" });
    const types = ["/api/users", "/api", "/dashboard", "/apis"].map(async (path) =>
      (await ask({ path })).headers.get("content-type"),
    );
    const [json, html] = ["application/problem+json", "text/html; charset=utf-8"];
    expect(await Promise.all(types)).toEqual([json, json, html, html]);
  });

  test("row 6: Retry-After counts to the end, and then the site is open, also for a process that starts later", async () => {
    const { execute, ask, clock, store } = await serveApp(place, { random: Math.random });
    await execute({ type: "close", until: "2026-11-21T14:00:00Z" });
    for (let count = 0; count < 20; count += 1) {
      const seconds = Number((await ask()).headers.get("retry-after"));
      expect(seconds).toBeGreaterThanOrEqual(7_000);
      expect(seconds).toBeLessThanOrEqual(7_920);
    }
    await clock.advance(2 * 3_600_000 - 1);
    expect((await ask()).status).toBe(503);
    await clock.advance(1);
    expect((await ask()).status).toBe(200);
    const later = await serveApp(place, { store, clock });
    expect(await later.statusOf("/")).toBe(200);
  });

  test("row 18: a preflight is answered, and the program can read the 503 and Retry-After", async () => {
    const { execute, ask } = await serveApp(place, { cors: { origins: ["https://app.example"] } });
    await execute({ type: "close" });
    const Origin = "https://app.example";
    const preflight = await ask({ method: "OPTIONS", headers: { Origin, "Access-Control-Request-Method": "PUT" } });
    expect([preflight.status, preflight.headers.get("access-control-max-age"), preflight.body]).toEqual([204, "0", ""]);
    expect(preflight.headers.get("access-control-allow-origin")).toBe(Origin);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    const { status, headers } = await ask({ method: "PUT", headers: { Origin } });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([503, Origin]);
    expect(headers.get("access-control-expose-headers")).toContain("Retry-After");
    expect(headers.get("vary")).toContain("Origin");
    const elsewhere = await ask({ headers: { Origin: "https://evil.example" } });
    expect([elsewhere.status, elsewhere.headers.get("access-control-allow-origin")]).toEqual([503, undefined]);
  });

  test("row 19: no kind of request gets a success status", async () => {
    const { execute, ask, reached } = await serveApp(place);
    await execute({ type: "close" });
    const headers = { "X-Requested-With": "XMLHttpRequest", "Content-Type": "application/json", "Content-Length": 2 };
    const xhr = { "X-Requested-With": "XMLHttpRequest" };
    for (const method of ["GET", "DELETE"]) expect((await ask({ method, headers: xhr })).status).toBe(503);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect([method, (await ask({ method, headers, body: "{}" })).status]).toEqual([method, 503]);
    }
    const head = await ask({ method: "HEAD" });
    expect([head.status, head.body]).toEqual([503, ""]);
    expect(reached).toEqual([]);
  });

  test.each<[string, Parameters<typeof serveApp>[1]]>([
    ["template", { template: () => fail("template") }],
    ["context", { template: ({ message }) => message, context: () => fail("context") }],
  ])("row 25: a %s that throws is replaced by the built-in page, and reported", async (what, options) => {
    const { execute, ask, log } = await serveApp(place, options);
    await execute({ type: "close", message: "Back at nine" });
    const { status, body } = await ask();
    expect(status).toBe(503);
    expect(body).toMatch(/<!doctype html>.*Back at nine/s);
    expect(log.join()).toContain(`the ${what} is broken`);
  });

  test("row 30: markup in a message is text, and a line break never gets into a header", async () => {
    const { execute, ask } = await serveApp(place);
    const message = "<script>alert(1)</script>\r\nSet-Cookie: a=b";
    await execute({ type: "close", title: message, message, reason: "a\r\nSet-Cookie: a=b" });
    const { headers, body, cookies } = await ask();
    expect(body).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(body).not.toContain("<script>alert");
    expect(cookies).toEqual([]);
    expect([...headers.values()].join("\n")).not.toContain("a=b");
    const redirect = execute({ type: "close", redirect: "/down\r\nSet-Cookie: a=b" });
    await expect(redirect).rejects.toMatchObject({ code: "ERR_INVALID_HEADER" });
  });
});

function fail(what: string): never {
  throw new Error(`the ${what} is broken`);
}
