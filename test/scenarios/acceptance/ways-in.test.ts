import { expect, test } from "vitest";
import { createGate } from "../../../src/gate.ts";
import { sendText } from "../../../src/testing/adapters/client.ts";
import { inEachPlace, serveApp } from "./served-app.ts";

const RANGES = ["10.0.0.42", "192.168.1.0/24", "2001:db8::/32"];

test.each([
  ["10.0.0.0/40", "prefix length '40' is not a whole number from 0 to 32"],
  ["2001:db8::/200", "prefix length '200' is not a whole number from 0 to 128"],
  ["10.0.0.0/", "prefix length '' is not"],
  ["10.1", "'10.1' is not four decimal parts"],
])("row 8: the range %s is refused when it is set, with the reason", async (range, reason) => {
  const { execute } = await serveApp("in front of node:http");
  const refusal = { code: "ERR_INVALID_ADDRESS", message: expect.stringContaining(reason) };
  await expect(execute({ type: "close", exempt: { addresses: [{ range, description: "" }] } })).rejects.toMatchObject(
    refusal,
  );
  expect(() => createGate({ exempt: { addresses: [range] } })).toThrow(expect.objectContaining(refusal));
});

inEachPlace("who gets in, %s", (place) => {
  test.each([
    ["10.0.0.42", 200],
    ["192.168.1.42", 200],
    ["10.0.0.255", 503],
    ["::ffff:10.0.0.42", 200],
    ["110.0.0.42", 503],
    ["2001:DB8::7", 200],
    ["2001:db9::7", 503],
  ])("row 7: exempt addresses and ranges, from %s: %i", async (address, expected) => {
    const { execute, statusOf } = await serveApp(place, { exempt: { addresses: RANGES }, trustProxy: 1 });
    await execute({ type: "close" });
    expect(await statusOf("/", { "X-Forwarded-For": address })).toBe(expected);
  });

  test.each([
    ["GET", "/health", 200],
    ["HEAD", "/health", 200],
    ["GET", "/health?x=1", 200],
    ["GET", "/health/other", 503],
    ["GET", "/healthy", 503],
    ["GET", "/HEALTH", 503],
  ])("row 9: the exempt path /health, with %s %s: %i", async (method, path, expected) => {
    const { execute, ask } = await serveApp(place, { exempt: { paths: ["/health"] } });
    await execute({ type: "close" });
    expect((await ask({ method, path })).status).toBe(expected);
  });

  test.each([
    ["/open/x", 200],
    ["/open//x", 200],
    ["http://app.example/open/x", 200],
    ["/open/../private", 503],
    ["/open/%2e%2e/private", 503],
    ["/open/..;/private", 503],
    ["/open/%252e%252e/private", 503],
    ["//open/x", 503],
    ["/open%2fx", 503],
    ["/open%5c..%5cprivate", 503],
    ["/%zz", 503],
    ["/open/%zz", 503],
    ["/open/%00", 503],
    ["http://app.example;/open/x", 503],
    ["/open/#/../../private", 503],
    ["*", 503],
  ])("row 10: a path that is not really below /open is not exempt: %s: %i", async (target, expected) => {
    const { execute, url } = await serveApp(place, { exempt: { paths: ["/open/*"] } });
    await execute({ type: "close" });
    const answer = await sendText(url, `GET ${target} HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${expected} `));
  });

  test("row 14: a client with an exempt address gets no cookie", async () => {
    const { execute, ask } = await serveApp(place, { exempt: { addresses: ["127.0.0.1"] } });
    await execute({ type: "close" });
    const { status, cookies, headers } = await ask();
    expect([status, cookies]).toEqual([200, []]);
    expect(headers.get("maintenance")).toBe("bypass;rule=address");
    expect(headers.get("cache-control")).toBe("private, no-store");
  });

  test("row 15: a forwarding header from an untrusted peer is ignored", async () => {
    for (const trustProxy of [undefined, ["192.0.2.0/24"]]) {
      const { execute, statusOf } = await serveApp(place, { exempt: { addresses: ["10.0.0.42"] }, trustProxy });
      await execute({ type: "close" });
      for (const name of ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"]) {
        expect(await statusOf("/", { [name]: name === "Forwarded" ? "for=10.0.0.42" : "10.0.0.42" })).toBe(503);
      }
    }
  });

  test("row 16: behind one proxy, only the last address counts", async () => {
    const { execute, statusOf } = await serveApp(place, { exempt: { addresses: ["10.0.0.42"] }, trustProxy: 1 });
    await execute({ type: "close" });
    expect(await statusOf("/", { "X-Forwarded-For": "10.0.0.42, 203.0.113.9" })).toBe(503);
    expect(await statusOf("/", { "X-Forwarded-For": ["10.0.0.42", "203.0.113.9"] })).toBe(503);
    expect(await statusOf("/", { "X-Forwarded-For": "203.0.113.9, 10.0.0.42" })).toBe(200);
  });

  test("row 31: lockdown admits only requests to the operators' own surface", async () => {
    const options = {
      exempt: { addresses: ["127.0.0.1"], paths: ["/health"], users: { staff: true } },
      operatorPaths: ["/maintenance/*"],
    };
    const { execute, statusOf } = await serveApp(place, options);
    await execute({ type: "close" });
    expect(await statusOf("/health")).toBe(200);
    await execute({ type: "close", lockdown: true });
    expect([await statusOf("/"), await statusOf("/health"), await statusOf("/", { "X-User": "staff" })]).toEqual([
      503, 503, 503,
    ]);
    expect(await statusOf("/maintenance/")).toBe(200);
  });

  test("row 35: /robots.txt and /favicon.ico are closed, unless they are exempt", async () => {
    const files = ["/robots.txt", "/favicon.ico"];
    for (const [options, expected] of [
      [{}, [503, 503]],
      [{ exempt: { paths: files } }, [200, 200]],
    ] as const) {
      const { execute, statusOf } = await serveApp(place, options);
      await execute({ type: "close" });
      expect(await Promise.all(files.map((path) => statusOf(path)))).toEqual(expected);
    }
  });
});

test.each([
  [{ staff: true }, { anonymous: 503, user: 503, staff: 200, superuser: 503 }],
  [{ superuser: true }, { anonymous: 503, user: 503, staff: 503, superuser: 200 }],
  [
    { staff: true, superuser: true },
    { anonymous: 503, user: 503, staff: 200, superuser: 200 },
  ],
  [{ authenticated: true }, { anonymous: 503, user: 200, staff: 200, superuser: 200 }],
])(
  "row 11: with users %j and the admin's login exempt, each kind of user is treated as configured",
  async (users, expected) => {
    const options = { exempt: { users, adminPaths: ["/admin/*"] } };
    const { execute, statusOf } = await serveApp("inside Express 5", options);
    await execute({ type: "close" });
    expect(await statusOf("/admin/login")).toBe(200);
    expect(await statusOf("/")).toBe(expected.anonymous);
    for (const kind of ["user", "staff", "superuser"] as const) {
      expect([kind, await statusOf("/", { "X-User": kind })]).toEqual([kind, expected[kind]]);
    }
  },
);
