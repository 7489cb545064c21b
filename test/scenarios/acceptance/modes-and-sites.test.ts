import { createServer } from "node:http";
import express from "express";
import { describe, expect, test, vi } from "vitest";
import { guard } from "../../../src/adapters/node.ts";
import { gateInternals } from "../../../src/gate/internals.ts";
import { sendText } from "../../../src/testing/adapters/client.ts";
import { testGate } from "../../support/closed-gate.ts";
import { BY, gateUnderTest } from "../../support/gate-under-test.ts";
import { serve } from "../../support/serve.ts";
import { inEachPlace, serveApp } from "./served-app.ts";

const SITES = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };

inEachPlace("modes and sites, %s", (place) => {
  test("row 20: a read-only site lets reading requests pass", async () => {
    const { execute, ask, reached } = await serveApp(place);
    await execute({ type: "close", mode: "read-only" });
    const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
    const statuses = await Promise.all(methods.map(async (method) => (await ask({ method })).status));
    expect(statuses).toEqual([200, 200, 200, 503, 503, 503, 503]);
    expect(reached).toHaveLength(3);
  });

  test("row 28: of two sites one is closed, in every spelling of its host", async () => {
    const { execute, statusOf, url } = await serveApp(place, { sites: SITES });
    await execute({ type: "close", sites: ["shop"] });
    const statuses = async (...hosts: string[]) => Promise.all(hosts.map((Host) => statusOf("/", { Host })));
    expect(await statuses("shop.example", "SHOP.Example", "shop.example:8080", "shop.example.")).toEqual([
      503, 503, 503, 503,
    ]);
    expect(await statuses("blog.example", "unknown.example", "shop.example.evil.example")).toEqual([200, 200, 200]);
    expect(await sendText(url, "GET / HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
    await execute({ type: "open", sites: ["shop"] });
    await execute({ type: "close" });
    expect(await statuses("unknown.example", "blog.example")).toEqual([503, 503]);
    expect(await sendText(url, "GET / HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 503 /);
  });

  test("row 29: '*' closes an open site", async () => {
    const { execute, statusOf } = await serveApp(place, { sites: SITES });
    await execute({ type: "open", sites: ["shop"] });
    await execute({ type: "close" });
    expect(await statusOf("/", { Host: "shop.example" })).toBe(503);
  });
});

test("row 20: the application's function distinguishes a GraphQL query from a mutation", async () => {
  const classify = (request: object) =>
    String(Reflect.get(request, "body")?.query).startsWith("mutation") ? "write" : "read";
  const { execute, ask } = await serveApp("inside Express 5", { readOnly: { classify } });
  await execute({ type: "close", mode: "read-only" });
  const post = async (query: string) => {
    const headers = { "Content-Type": "application/json" };
    return (await ask({ method: "POST", path: "/graphql", headers, body: JSON.stringify({ query }) })).status;
  };
  expect([await post("mutation { pay }"), await post("query { cart }")]).toEqual([503, 200]);
});

test.each(["Node.js/24", "Cloudflare-Workers"])(
  "row 6: exemptions of a closure end with it, also while another closure applies: %s",
  async (userAgent) => {
    vi.stubGlobal("navigator", { userAgent });
    const { gate, controller, clock, passes } = gateUnderTest({ sites: SITES });
    const exempt = { paths: [{ pattern: "/checkout", description: "" }] };
    await controller.execute({ type: "close", sites: ["shop"], until: "2026-11-21T13:00:00Z", exempt }, BY);
    await controller.execute({ type: "close" }, BY);
    await gate.ready();
    const request = { host: "shop.example", target: "/checkout" };
    expect(passes(request)).toBe(true);
    await clock.advance(3_600_000);
    await gateInternals(gate).settle();
    expect(passes(request)).toBe(false);
    await gate.close();
    vi.unstubAllGlobals();
  },
);

describe("row 34", () => {
  test("a WebSocket upgrade of a closed site is refused on the wire, and the connection closed", async () => {
    const { gate, close } = await testGate();
    const server = createServer(express()).on("upgrade", (_request, socket) => {
      socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    });
    guard(server, gate);
    const served = await serve(server);
    const handshake = [
      ...["GET /live HTTP/1.1", "Host: app.example", "Connection: Upgrade", "Upgrade: websocket"],
      ...["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""],
    ].join("\r\n");
    expect(await sendText(served.url, handshake)).toMatch(/^HTTP\/1\.1 101 /);
    await close();
    // `sendText` resolves when the server closes the connection, so this also tests that it does.
    const answer = await sendText(served.url, handshake);
    expect(answer).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(answer).toMatch(/\r\nRetry-After: \d+\r\n/);
    await served.close();
    await gate.close();
  });
});
