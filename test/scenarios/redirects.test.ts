import { createServer } from "node:http";
import { expect, test } from "vitest";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { guard } from "../../src/adapters/node.ts";
import { sendText, type WireRequest } from "../../src/testing/adapter-client.ts";
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
  ])("is for %s", async (_who, request) => {
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
      "whoever takes HTML last",
      { headers: { Accept: "application/json, text/html;q=0.5" } },
      "application/problem+json",
    ],
  ])("is not for %s, which gets its 503", async (_who, request, type) => {
    const { execute, ask, reached } = await serveApp(place, { redirect: "/down" });
    await execute({ type: "close" });
    const { status, headers } = await ask({ path: "/cart", ...request });
    expect([status, headers.get("location"), headers.get("retry-after")]).toEqual([503, undefined, "3600"]);
    expect(headers.get("content-type")).toContain(type);
    expect(reached).toEqual([]);
  });

  test("does not go round in circles in lockdown, where its own target is closed too", async () => {
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

test("a WebSocket is never redirected, whatever type is configured, on the wire and in a fetch handler", async () => {
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
