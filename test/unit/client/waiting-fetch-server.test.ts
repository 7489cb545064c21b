import { createServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { waitingFetch } from "../../../src/client/waiting-fetch.ts";
import type { ServedApp } from "../../../src/testing/adapters/conformance.ts";
import { serve } from "../../support/serve.ts";

const served: ServedApp[] = [];
afterEach(async () => {
  for (const { close } of served.splice(0)) await close();
});

/** Starts a server that is closed for its first request and echoes the bodies of the others. */
async function serveClosedOnce(): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    requests.push(`${request.method} ${body}`.trim());
    if (requests.length > 1) response.end(`open ${body}`);
    else response.writeHead(503, { maintenance: 'closed;site="*";version=1', "retry-after": "30" }).end("closed");
  });
  const app = await serve(server);
  served.push(app);
  return { url: app.url, requests };
}

const waits: number[] = [];
const fetch = waitingFetch({
  random: () => 0,
  sleep: async (milliseconds) => void waits.push(milliseconds),
  retry: ({ method }) => method === "PUT",
});

test("over HTTP, it waits for a closed site", async () => {
  const { url, requests } = await serveClosedOnce();
  const response = await fetch(url);
  expect(await response.text()).toBe("open ");
  expect(requests).toEqual(["GET", "GET"]);
  expect(waits.splice(0)).toEqual([30_000]);
});

test("over HTTP, it repeats a request with its whole body if it may", async () => {
  const { url, requests } = await serveClosedOnce();
  const response = await fetch(new Request(url, { method: "PUT", body: "order" }));
  expect(await response.text()).toBe("open order");
  expect(requests).toEqual(["PUT order", "PUT order"]);
  expect(waits.splice(0)).toEqual([30_000]);
});

test("over HTTP, a POST gets the 503", async () => {
  const { url, requests } = await serveClosedOnce();
  const response = await fetch(url, { method: "POST", body: "order" });
  expect([response.status, await response.text()]).toEqual([503, "closed"]);
  expect(requests).toEqual(["POST order"]);
  expect(waits).toEqual([]);
});
