import { createServer } from "node:http";
import { expect, test } from "vitest";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { guard } from "../../src/adapters/node.ts";
import { sendText, type WireRequest } from "../../src/testing/adapters/client.ts";
import { testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";
import { inEachPlace, serveApp } from "./acceptance/served-app.ts";

const HTML = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const DOCUMENT = { ...HTML, "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate" };

inEachPlace("a redirect, %s", (place) => {
  test.each<[string, WireRequest]>([
    ["a browser that says so", { headers: DOCUMENT }],
    ["a browser from before Sec-Fetch-Dest", { headers: HTML }],
    ["a HEAD", { method: "HEAD", headers: HTML }],
    ["an iframe", { headers: { ...DOCUMENT, "Sec-Fetch-Dest": "iframe" } }],
    ["a WebView, which names its application", { headers: { ...HTML, "X-Requested-With": "com.example.app" } }],
  ])("is sent for %s", async (_who, request) => {
    const { execute, ask } = await serveApp(place, { redirect: "/down" });
    await execute({ type: "close" });
    const { status, headers } = await ask({ path: "/cart", ...request });
    expect([status, headers.get("location")]).toEqual([302, "/down"]);
  });

  const XHR = { "X-Requested-With": "XMLHttpRequest" };
  test.each<[string, WireRequest, string]>([
    ["curl", { headers: { Accept: "*/*" } }, "text/html"],
    ["a program that says nothing", {}, "text/html"],
    ["a webhook", { method: "POST", headers: { Accept: "*/*", "Content-Type": "application/json" } }, "text/html"],
    [
      "fetch in a page",
      { headers: { Accept: "*/*", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors" } },
      "application/problem+json",
    ],
    [
      "fetch of HTML",
      { headers: { Accept: "text/html", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors" } },
      "text/html",
    ],
    ["XMLHttpRequest from before Sec-Fetch-Dest", { headers: { ...HTML, ...XHR } }, "text/html"],
    ["polling of socket.io", { path: "/socket.io/?EIO=4&transport=polling", headers: { Accept: "*/*" } }, "text/html"],
    ["a form", { method: "POST", headers: DOCUMENT }, "text/html"],
    ["PUT", { method: "PUT", headers: HTML }, "text/html"],
    ["DELETE", { method: "DELETE", headers: HTML }, "text/html"],
    ["an image", { headers: { Accept: "image/avif,*/*;q=0.8", "Sec-Fetch-Dest": "image" } }, "text/plain"],
    ["a script", { headers: { Accept: "*/*", "Sec-Fetch-Dest": "script" } }, "text/plain"],
    ["a style", { headers: { Accept: "text/css,*/*;q=0.1", "Sec-Fetch-Dest": "style" } }, "text/plain"],
    ["a font", { headers: { Accept: "*/*", "Sec-Fetch-Dest": "font" } }, "text/plain"],
    [
      "a client that prefers HTML least",
      { headers: { Accept: "application/json, text/html;q=0.5" } },
      "application/problem+json",
    ],
  ])("is not sent for %s, which gets the 503", async (_who, request, type) => {
    const { execute, ask, reached } = await serveApp(place, { redirect: "/down" });
    await execute({ type: "close" });
    const { status, headers } = await ask({ path: "/cart", ...request });
    expect([status, headers.get("location"), headers.get("retry-after")]).toEqual([503, undefined, "3600"]);
    expect(headers.get("content-type")).toContain(type);
    expect(reached).toEqual([]);
  });

  test.each([
    ["/maintenance", ["/maintenance", "/maintenance/", "/maintenance?from=cart"]],
    ["/maintenance/", ["/maintenance", "/maintenance/"]],
    ["/maintenance?why=move#top", ["/maintenance", "/maintenance/?other"]],
    ["/wartung/%C3%BC", ["/wartung/%C3%BC", "/wartung/%C3%BC/"]],
    ["https://shop.example/down", ["/down", "/down/"]],
    ["http://shop.example:8080/down", ["/down", "/down/"]],
  ])("to %s passes with and without the trailing slash", async (redirect, paths) => {
    const { execute, ask } = await serveApp(place, { redirect, sites: { shop: { hosts: ["shop.example"] } } });
    await execute({ type: "close" });
    const headers = { ...HTML, Host: "shop.example" };
    expect((await ask({ path: "/cart", headers })).headers.get("location")).toBe(redirect);
    for (const path of paths) expect([path, (await ask({ path, headers })).status]).toEqual([path, 200]);
    expect((await ask({ path: "/maintenance/deeper", headers })).status).toBe(302);
  });

  test("to another closed site of the gate never leads back", async () => {
    const sites = {
      shop: { hosts: ["shop.example"] },
      blog: { hosts: ["blog.example"] },
      docs: { hosts: ["docs.example"] },
    };
    const { execute, ask } = await serveApp(place, { sites });
    const close = (site: string, redirect: string): Promise<void> =>
      execute({ type: "close", sites: [site], redirect });
    await close("shop", "https://blog.example/down");
    await close("blog", "https://shop.example/down");
    await close("docs", "https://blog.example/sorry");
    const answer = async (host: string, path: string): Promise<unknown[]> => {
      const { status, headers } = await ask({ path, headers: { ...HTML, Host: host } });
      return [status, headers.get("location")];
    };
    for (const host of ["shop.example", "blog.example", "docs.example"]) {
      expect([host, ...(await answer(host, "/cart"))]).toEqual([host, 503, undefined]);
    }
    await close("blog", "/sorry");
    expect(await answer("docs.example", "/cart")).toEqual([302, "https://blog.example/sorry"]);
    expect(await answer("shop.example", "/cart")).toEqual([302, "https://blog.example/down"]);
    expect(await answer("blog.example", "/down")).toEqual([302, "/sorry"]);
  });

  test("to a site that this gate does not serve is sent unchanged", async () => {
    const { execute, ask } = await serveApp(place, { redirect: "https://status.example/" });
    await execute({ type: "close" });
    expect((await ask({ path: "/", headers: HTML })).headers.get("location")).toBe("https://status.example/");
  });

  test("does not loop in lockdown, where its own target is closed too", async () => {
    const { execute, ask } = await serveApp(place, { redirect: "/down" });
    await execute({ type: "close", lockdown: true });
    expect((await ask({ path: "/cart", headers: HTML })).headers.get("location")).toBe("/down");
    const { status, headers, body } = await ask({ path: "/down", headers: HTML });
    expect([status, headers.get("location")]).toEqual([503, undefined]);
    expect(body).toContain("<!doctype html>");
  });

  test("to an absolute URL of the site itself is recognised by host and path", async () => {
    const { execute, statusOf } = await serveApp(place, { redirect: "https://shop.example/down" });
    await execute({ type: "close", lockdown: true });
    expect(await statusOf("/down", { ...HTML, Host: "shop.example" })).toBe(503);
    expect(await statusOf("/down", { ...HTML, Host: "blog.example" })).toBe(302);
  });
});

test("is never sent for a WebSocket, whatever type is configured, on the wire and in a fetch handler", async () => {
  const { gate, close } = await testGate({ redirect: "/down", responseType: "html" });
  await close();
  const server = createServer().on("upgrade", (_request, socket) => void socket.end("HTTP/1.1 101 Hello\r\n\r\n"));
  guard(server, gate);
  const served = await serve(server);
  const handshake = ["GET /live HTTP/1.1", "Host: shop.example", "Connection: Upgrade", "Upgrade: WebSocket", "", ""];
  expect(await sendText(served.url, handshake.join("\r\n"))).toMatch(/^HTTP\/1\.1 503 /);
  await served.close();

  const handler = fetchMaintenance(gate, () => new Response("the app"));
  const { status } = await handler(new Request("http://shop.example/live", { headers: { upgrade: "websocket" } }));
  expect(status).toBe(503);
});
