import express from "express";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { send, sendText } from "../../src/testing/adapters/client.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_NGINX, NGINX, startNginx } from "../support/servers/nginx.ts";
import {
  type AdminServer,
  type AdminServerOptions,
  adminServer,
  inExpress,
  PASSWORD,
  signIn,
  speak,
} from "./admin-server.ts";

let server: AdminServer;

afterEach(() => server.close());

const WHERE: readonly (readonly [string, AdminServerOptions])[] = [
  ["node:http", {}],
  ["Express", { admin: { basePath: "/ops/maintenance" }, listen: inExpress(express) }],
];

async function version(): Promise<number> {
  return (await server.controller.state()).version;
}

async function post(path: string, body: string, headers: Record<string, string>): Promise<Response> {
  return await fetch(`${server.url}${server.admin.basePath}/${path}`, {
    method: "POST",
    body,
    headers,
    redirect: "manual",
  });
}

describe.each(WHERE)("on %s", (_name, options) => {
  test("a form of another site changes nothing, even with the session's cookie", async () => {
    server = await adminServer(options);
    const cookie = await signIn(server);
    const before = await version();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    for (const from of [
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "same-site" },
      {},
    ]) {
      const response = await post("close", "site=*", { ...form, cookie, ...from });
      expect([response.status, response.headers.get("location")]).toEqual([303, "./?refused=ERR_FORBIDDEN"]);
      expect((await post("sign-out", "", { ...form, cookie, ...from })).headers.get("location")).toContain("refused");
      expect((await post("api/v1/close", '{"sites":["*"]}', { ...form, cookie, ...from })).status).toBe(403);
    }
    expect(await version()).toBe(before);
    const session = await fetch(`${server.url}${server.admin.basePath}/api/v1/session`, { headers: { cookie } });
    expect(session.status).toBe(200);
  });

  test("a script of another origin can neither change nor read", async () => {
    server = await adminServer(options);
    const cookie = await signIn(server);
    const before = await version();
    const json = { "content-type": "application/json", cookie, origin: "https://evil.example" };
    const response = await post("api/v1/close", '{"sites":["*"]}', json);
    expect(response.status).toBe(403);
    const url = `${server.url}${server.admin.basePath}/api/v1/sites`;
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "PATCH" },
    });
    const read = await fetch(url, { headers: { cookie, origin: "https://evil.example" } });
    for (const { headers } of [response, preflight, read])
      expect(headers.get("access-control-allow-origin")).toBe(null);
    expect(await version()).toBe(before);
  });

  test("a GET changes nothing, and the error names the alternative", async () => {
    server = await adminServer(options);
    const cookie = await signIn(server);
    const before = await version();
    for (const [path, allow] of [
      ["close", "POST"],
      ["open", "POST"],
      ["sign-out", "POST"],
      ["api/v1/close", "POST"],
      ["api/v1/sites/shop", "GET, PATCH, DELETE, HEAD"],
    ]) {
      for (const method of path === "api/v1/sites/shop" ? ["POST", "PUT"] : ["GET", "HEAD", "PUT"]) {
        const response = await fetch(`${server.url}${server.admin.basePath}/${path}?sites=*&site=*`, {
          method,
          headers: { cookie, origin: server.url, "x-http-method-override": "POST" },
        });
        expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
      }
    }
    expect(await version()).toBe(before);
  });

  test("HEAD answers as GET does, without a body", async () => {
    server = await adminServer(options);
    const cookie = await signIn(server);
    for (const path of [
      "/",
      "/api/v1/sites",
      "/api/v1/sites/shop",
      "/api/v1/preview",
      "/api/v1/events",
      "/api/v1/nope",
    ]) {
      const url = `${server.url}${server.admin.basePath}${path}`;
      const headers = { cookie };
      const abort = new AbortController();
      const [head, get] = await Promise.all([
        fetch(url, { method: "HEAD", headers }),
        fetch(url, { headers, signal: abort.signal }),
      ]);
      expect(await head.text()).toBe("");
      expect([head.status, head.headers.get("content-type")]).toEqual([get.status, get.headers.get("content-type")]);
      abort.abort();
    }
  });

  test("no spelling of a path reaches another route", async () => {
    server = await adminServer(options);
    const cookie = await signIn(server);
    const base = server.admin.basePath;
    await server.controller.execute(
      { type: "close", sites: ["*"], lockdown: true },
      { kind: "program", label: "test" },
    );
    await server.gate.refresh();
    const ask = async (target: string, host = new URL(server.url).host): Promise<string> => {
      const lines = [`GET ${target} HTTP/1.1`, `Host: ${host}`, `Cookie: ${cookie}`, "Connection: close", "", ""];
      return (await speak(server.url, lines.join("\r\n"), /\r\n\r\n/)).split("\r\n", 1)[0] ?? "";
    };
    // Outside the admin's path, or ambiguous: the server answers as for a closed site or with 404, never with the list of sites.
    for (const target of [
      `/x/..${base}/api/v1/sites`,
      `/x/%2e%2e${base}/api/v1/sites`,
      `/${base}/api/v1/sites`,
      `${base}/../x`,
      `${base}/%2e%2e/x`,
      `${base}/..;/x`,
      `${base};a=b/api/v1/sites`,
      `${base}/api/v1/sites;a=b`,
      `${base}//api/v1/sites`,
      `${base}/api//v1/sites`,
      `${base}%2fapi/v1/sites`,
      `${base}/api%2fv1/sites`,
      `${base}/api/v1/..%2fv1/sites`,
      `${base}/api/v1/%252e%252e/sites`,
      `${base}/api/v1/sites/`,
      `${base}/API/v1/sites`,
      `${base.toUpperCase()}/api/v1/sites`,
      `${base}\\api\\v1\\sites`,
      `${base}/api/v1/sites%00`,
      `${base}/api/v2/sites`,
      `${base}/assets/../api/v1/sites`,
      `${base}/assets/%2e%2e%2fpackage.json`,
      `${base}/assets/__proto__`,
      `${base}/assets/constructor`,
      `${base}x`,
    ]) {
      expect(await ask(target), target).toMatch(/^HTTP\/1\.1 (?:400|404|503) /);
    }
    // Hosts that could change the path when the URL is built from them.
    for (const host of [`x${base}/api/v1/sites?`, "a@b", "a b", "[::1", "x#"]) {
      expect(await ask(`${base}/api/v1/sites`, host), host).toMatch(/^HTTP\/1\.1 (?:400|503) /);
    }
    expect(await ask(`${base}/api/v1/sites`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask(`${server.url}${base}/api/v1/sites`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("a huge body is refused before it has arrived, and the answer arrives", async () => {
    server = await adminServer(options);
    const cookie = await signIn(server);
    const before = await version();
    const { host } = new URL(server.url);
    const head = (length: string): string =>
      [
        `POST ${server.admin.basePath}/api/v1/close HTTP/1.1`,
        ...[`Host: ${host}`, `Cookie: ${cookie}`, `Origin: ${server.url}`, "Content-Type: application/json", length],
        ...["", ""],
      ].join("\r\n");
    expect(await speak(server.url, head("Content-Length: 999999999999"), /\r\n\r\n/)).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `100000\r\n${" ".repeat(0x100000)}\r\n`;
    const chunked = head("Transfer-Encoding: chunked") + chunk + chunk;
    expect(await speak(server.url, chunked, /\r\n\r\n/)).toMatch(/^HTTP\/1\.1 413 /);
    const large = await post("api/v1/close", " ".repeat(2_000_000), {
      ...{ cookie, origin: server.url, "content-type": "application/json" },
    });
    expect(large.status).toBe(413);
    // From an unknown client, the server reads only a small body.
    const stranger = await post("api/v1/session", JSON.stringify({ password: "x".repeat(5_000) }), {
      ...{ origin: server.url, "content-type": "application/json" },
    });
    expect(stranger.status).toBe(413);
    expect(await version()).toBe(before);
  });

  test("a slow body is cut off", async () => {
    let hurries = false;
    const clock = {
      ...systemClock,
      // The deadline is counted in steps of 100 ms, which take no time when `hurries` is set.
      setTimer: (callback: () => void, delay: number) =>
        systemClock.setTimer(callback, hurries && delay === 100 ? 0 : delay),
    };
    server = await adminServer({ ...options, options: { clock } });
    const cookie = await signIn(server);
    const before = await version();
    hurries = true;
    const { host } = new URL(server.url);
    const head = [
      `POST ${server.admin.basePath}/api/v1/close HTTP/1.1`,
      ...[`Host: ${host}`, `Cookie: ${cookie}`, `Origin: ${server.url}`, "Content-Type: application/json"],
      ...["Content-Length: 100", "", '{"sites":'],
    ].join("\r\n");
    const heard = speak(server.url, head, /\r\n\r\n[\s\S]*"status"/);
    expect(await heard).toMatch(/^HTTP\/1\.1 408 [\s\S]*Connection: close/i);
    expect(await version()).toBe(before);
  });

  test("no other page can frame the page, which runs only its own files", async () => {
    server = await adminServer(options);
    const { headers, status } = await fetch(`${server.url}${server.admin.basePath}/`);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
      "cross-origin-opener-policy": "same-origin",
    });
  });

  test("no text of a link's URL appears on the page", async () => {
    server = await adminServer(options);
    const cookie = await signIn(server);
    const query = new URLSearchParams({ done: "<b>x", refused: '"><script>', search: '"><img src=x>', after: "<i>" });
    const page = await fetch(`${server.url}${server.admin.basePath}/?${query}`, { headers: { cookie } });
    expect(await page.text()).not.toMatch(/<b>x|<script>|<img|<i>/);
  });

  test("an answer without sign-in contains nothing about the sites", async () => {
    server = await adminServer(options);
    for (const path of [
      "",
      "api/v1/sites",
      "api/v1/health",
      "api/v1/history",
      "api/v1/events",
      "api/v1/state",
      "api/v1/nope",
    ]) {
      const response = await fetch(`${server.url}${server.admin.basePath}/${path}`);
      expect(await response.text()).not.toMatch(/shop|blog|memory/);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  });
});

test.each(WHERE)("on %s, a request with two Host lines is refused, whatever they contain", async (_name, options) => {
  server = await adminServer(options);
  const path = `${server.admin.basePath}/api/v1/session`;
  for (const [first, second] of [
    ["localhost", "evil.example"],
    ["localhost", "localhost"],
  ]) {
    const head = `GET ${path} HTTP/1.1\r\nHost: ${first}\r\nHost: ${second}\r\nConnection: close\r\n\r\n`;
    expect(await sendText(server.url, head)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

requireService(
  "nginx",
  INSTALL_NGINX,
  NGINX !== null,
)("nginx by default", () => {
  test.each([
    ["without the admin's origin", undefined, 403],
    ["with it", "https://admin.example", 200],
  ])("in front of the admin, %s, a session begins only in a secure cookie", async (_name, origin, status) => {
    server = await adminServer({ admin: { origin } });
    const nginx = await startNginx({ http: "", server: `location / { proxy_pass ${server.url}; }` });
    onTestFinished(() => nginx.stop());
    const headers = {
      Host: "admin.example",
      Origin: "https://admin.example",
      "Sec-Fetch-Site": "same-origin",
      "Content-Type": "application/json",
    };
    const answer = await send(nginx.url, {
      method: "POST",
      path: "/maintenance/api/v1/session",
      headers,
      body: JSON.stringify({ password: PASSWORD }),
    });
    expect(answer.status).toBe(status);
    for (const cookie of answer.cookies) expect(cookie).toMatch(/^__Host-.*; Secure;/);
  });
});

test("a session id that an attacker has chosen is useless, and signing in creates a new one", async () => {
  server = await adminServer();
  const first = await signIn(server);
  const [name = ""] = first.split("=");
  const fixed = { "content-type": "application/json", origin: server.url, cookie: `${name}=chosen` };
  const response = await post("api/v1/session", JSON.stringify({ password: PASSWORD }), fixed);
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()[0]).not.toContain("chosen");
  const chosen = await fetch(`${server.url}/maintenance/api/v1/sites`, { headers: { cookie: `${name}=chosen` } });
  expect(chosen.status).toBe(401);
});

test("a token stops working when it is revoked, and its stream at the next heartbeat", async () => {
  server = await adminServer();
  const cookie = await signIn(server);
  const json = { cookie, origin: server.url, "content-type": "application/json" };
  const token = JSON.stringify({ name: "ci", may: ["view"], sites: ["shop"] });
  const made: { id: string; token: string } = JSON.parse(await (await post("api/v1/tokens", token, json)).text());
  const authorization = `Bearer ${made.token}`;
  const get = (path: string): Promise<Response> =>
    fetch(`${server.url}/maintenance/api/v1/${path}`, { headers: { authorization } });
  expect((await get("sites/shop")).status).toBe(200);
  expect((await get("sites/blog")).status).toBe(403);
  const close = await post("api/v1/close", '{"sites":["shop"]}', { authorization, "content-type": "application/json" });
  expect(close.status).toBe(403);
  const revoked = await fetch(`${server.url}/maintenance/api/v1/tokens/${made.id}`, {
    method: "DELETE",
    headers: { cookie, origin: server.url },
  });
  expect(revoked.status).toBe(204);
  expect((await get("sites/shop")).status).toBe(401);
  expect(server.log.join("\n")).not.toContain(made.token);
});
