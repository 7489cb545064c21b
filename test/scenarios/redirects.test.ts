import { createServer } from "node:http";
import { expect, test } from "vitest";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { guard } from "../../src/adapters/node.ts";
import { sendText } from "../../src/testing/adapter-client.ts";
import { testGate } from "../support/closed-gate.ts";
import { serve } from "../support/serve.ts";
import { inEachPlace, serveApp } from "./acceptance/served-app.ts";

inEachPlace("a redirect, %s", (place) => {
  test("does not go round in circles in lockdown, where its own target is closed too", async () => {
    const { execute, ask } = await serveApp(place, { redirect: "/down" });
    await execute({ type: "close", lockdown: true });
    expect((await ask({ path: "/cart" })).headers.get("location")).toBe("/down");
    const { status, headers, body } = await ask({ path: "/down" });
    expect([status, headers.get("location")]).toEqual([503, undefined]);
    expect(body).toContain("<!doctype html>");
  });

  test("to an absolute URL of the site itself is recognised by host and path", async () => {
    const { execute, statusOf } = await serveApp(place, { redirect: "https://shop.example/down" });
    await execute({ type: "close", lockdown: true });
    expect(await statusOf("/down", { Host: "shop.example" })).toBe(503);
    expect(await statusOf("/down", { Host: "blog.example" })).toBe(302);
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
