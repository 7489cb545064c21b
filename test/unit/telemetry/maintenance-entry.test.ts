import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { isMaintenanceEntry } from "../../../src/telemetry/maintenance-entry.ts";
import { serve } from "../../support/serve.ts";

const CLOSED = 'closed;site="shop";version=1';
const headers = { "content-type": "text/html", maintenance: CLOSED };
const answer = { statusCode: 503, headers };

describe("the answer of a closed site is recognised", () => {
  test.each<[string, unknown]>([
    ["as it is", answer],
    ["in a fetch response", new Response("", { status: 503, headers })],
    ["whatever the header's case", { status: 503, headers: { Maintenance: CLOSED } }],
    ["with the status that the site is set to", { status: 502, headers }],
    ["when the site is read-only", { status: 503, headers: { maintenance: 'read-only;site="*";version=2' } }],
    ["in an entry's res", { level: 50, msg: "request errored", res: answer }],
    ["in an entry's response", { response: answer }],
    ["in an error", Object.assign(new Error("503"), { response: answer })],
    ["in the cause of an entry's error", { err: new Error("no stock", { cause: { response: answer } }) }],
    ["in Sentry's context", { response: { status_code: 503, headers } }],
  ])("%s", (_title, value) => {
    expect(isMaintenanceEntry(value)).toBe(true);
  });
});

describe("an answer of the application is not recognised", () => {
  const loop: Record<string, unknown> = { statusCode: 503, headers: {} };
  loop.res = loop;
  loop.err = { cause: loop };
  const hostile = {
    get res(): never {
      throw new Error("not now");
    },
  };
  test.each<[string, unknown]>([
    ["a 503", { statusCode: 503, headers: { "retry-after": "5" } }],
    ["a 503 that passed a closed site", { statusCode: 503, headers: { maintenance: "bypass;rule=address" } }],
    ["a 500", new Error("broken")],
    ["a header of the same name", { statusCode: 503, headers: { maintenance: "planned" } }],
    ["an answer that is no error", { statusCode: 302, headers }],
    ["the header without a status", { headers }],
    ["an entry that holds itself", loop],
    ["an entry that cannot be read", hostile],
    ["nothing", null],
    ["a text", CLOSED],
  ])("%s", (_title, value) => {
    expect(isMaintenanceEntry(value)).toBe(false);
  });
});

test.each([
  ["set one by one", (name: string, value: string) => ({ set: [[name, value] as const], given: [] })],
  ["given to writeHead at once", (name: string, value: string) => ({ set: [], given: [name, value] })],
])("in a response of node:http whose headers were %s", async (_title, ways) => {
  const seen: boolean[] = [];
  const server = createServer((request, response) => {
    const own = request.url === "/own";
    const { set, given } = ways(own ? "X-Other" : "Maintenance", CLOSED);
    for (const [name, value] of set) response.setHeader(name, value);
    response.writeHead(503, given).end();
    seen.push(isMaintenanceEntry(response));
  });
  const { url, close } = await serve(server);
  for (const path of ["/", "/own"]) await (await fetch(url + path)).text();
  await close();
  expect(seen).toEqual([true, false]);
});
