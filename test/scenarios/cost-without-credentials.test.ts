import { request as send } from "node:http";
import express from "express";
import { afterEach, expect, test } from "vitest";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { countCalls } from "../support/count-calls.ts";
import { type AdminServer, type AdminServerOptions, adminServer, inExpress } from "./admin-server.ts";

/**
 * The limit of function calls in `src/` per request, callbacks included. A call takes less than 1 µs, so a request takes well under 50
 * ms.
 */
const MAX_CALLS = 20_000;
/** The characters that fit into the 16 KB that Node.js accepts for a request's line and headers. */
const MAX_CHARACTERS = 15_000;
const API = "/maintenance/api/v1";

interface Row {
  readonly what: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const many = (piece: string): string => piece.repeat(Math.floor(MAX_CHARACTERS / piece.length));
const cookies = (name: string): string => many(`${name}=aaaaaaaa~bbbbbbbb~cc; `);
const JSON_TYPE = { "content-type": "application/json" };
const FORM_TYPE = { "content-type": "application/x-www-form-urlencoded" };

const VISITORS: readonly Row[] = [
  { what: "a path of escapes", path: `/${many("%2e%2f")}` },
  { what: "a path of broken escapes", path: `/${many("%")}` },
  { what: "a path of double escapes", path: `/${many("%25%32%65")}` },
  { what: "a path of dots", path: `/${many("../")}` },
  { what: "a path of slashes", path: many("/") },
  { what: "a path of segments", path: many("/a") },
  { what: "a path of backslashes", path: `/${many("\\")}` },
  { what: "a path of semicolons", path: `/${many(";a")}` },
  { what: "a path that nearly matches an expression", path: `/x/${many("a")}` },
  { what: "a query of pairs", path: `/?${many("a=b&")}` },
  { what: "a query of wrong tokens", path: `/?${many("maintenance-access=aaaaaaaaaaaaaaaa&")}` },
  { what: "a token that is long", path: `/?maintenance-access=${many("a")}` },
  { what: "cookies", headers: { cookie: many("a=b; ") } },
  { what: "cookies without a value", headers: { cookie: many(";") } },
  { what: "wrong bypass cookies", headers: { cookie: cookies("maintenance-bypass") } },
  { what: "wrong bypass cookies of a secure site", headers: { cookie: cookies("__Host-maintenance-bypass") } },
  { what: "forwarding addresses", headers: { "x-forwarded-for": many("127.0.0.1,") } },
  { what: "forwarding commas", headers: { "x-forwarded-for": many(",") } },
  { what: "forwarding addresses of IPv6", headers: { "x-forwarded-for": many("[::1]:1,") } },
  { what: "a forwarding address that is long", headers: { "x-forwarded-for": many("1.") } },
  { what: "Forwarded elements", headers: { forwarded: many("for=127.0.0.1;proto=https,") } },
  { what: "forwarded hosts", headers: { "x-forwarded-host": many("a.example,") } },
  { what: "forwarded protocols", headers: { "x-forwarded-proto": many("https,") } },
  { what: "languages", headers: { "accept-language": many("de-x,") } },
  { what: "languages with weights", headers: { "accept-language": many("d;q=0.1,") } },
  { what: "types", headers: { accept: many("a/b,") } },
  { what: "types with weights", headers: { accept: many("text/*;q=0.1,") } },
  { what: "a host that is long", headers: { host: many("a.") } },
  { what: "a host of ports", headers: { host: many(":1") } },
  { what: "origins", headers: { origin: many("https://a.example,") } },
  { what: "entity tags", headers: { "if-none-match": many('"a",') } },
  { what: "wrong credentials", headers: { authorization: `Basic ${many("YTph")}` } },
];

const OPERATORS: readonly Row[] = [
  { what: "a long path below the API", path: `${API}/${many("a/")}` },
  { what: "escapes below the API", path: `${API}/sites/${many("%41")}` },
  { what: "a wrong token", path: `${API}/sites`, headers: { authorization: `Bearer ${many("a")}` } },
  { what: "a token of spaces", path: `${API}/sites`, headers: { authorization: `Bearer ${many(" ")}.` } },
  { what: "wrong Basic credentials", path: `${API}/sites`, headers: { authorization: `Basic ${many("YTph")}` } },
  { what: "wrong sessions", path: `${API}/sites`, headers: { cookie: cookies("maintenance-admin") } },
  { what: "a query of pairs", path: `${API}/sites?${many("a=b&")}` },
  { what: "entity tags of the page", path: "/maintenance/", headers: { "if-none-match": many('"a",') } },
  { what: "a query of the page", path: `/maintenance/?${many("done=x&")}` },
  { what: "a body without credentials", path: `${API}/close`, method: "POST", headers: JSON_TYPE, body: many("[") },
  {
    what: "a password that nests",
    path: `${API}/session`,
    method: "POST",
    headers: JSON_TYPE,
    body: "[".repeat(4_000),
  },
  { what: "a password of names", path: `${API}/session`, method: "POST", headers: JSON_TYPE, body: named(400) },
  {
    what: "a password of a megabyte",
    path: `${API}/session`,
    method: "POST",
    headers: JSON_TYPE,
    body: "a".repeat(1e6),
  },
  {
    what: "a form of pairs",
    path: "/maintenance/sign-in",
    method: "POST",
    headers: FORM_TYPE,
    body: "a=b&".repeat(16_000),
  },
  {
    what: "a form of sites",
    path: "/maintenance/close",
    method: "POST",
    headers: FORM_TYPE,
    body: "site=a&".repeat(9_000),
  },
  {
    what: "a form of a megabyte",
    path: "/maintenance/sign-in",
    method: "POST",
    headers: FORM_TYPE,
    body: "a".repeat(1e6),
  },
  {
    what: "a body to preview",
    path: "/maintenance/preview",
    method: "POST",
    headers: FORM_TYPE,
    body: "a=b&".repeat(16_000),
  },
];

function named(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, place) => [`n${place}`, 1])));
}

let server: AdminServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

/** Starts a closed server with rules of every kind that inspects requests. */
async function closedServer(listen?: AdminServerOptions["listen"]): Promise<AdminServer> {
  const options = {
    trustProxy: ["127.0.0.1", "::1"],
    exempt: { paths: ["/open/*", "re:^/x/(a|b)*c$"], addresses: ["192.0.2.0/24"], users: { staff: true } },
    getUser: () => null,
  };
  server = await adminServer({ options, ...(listen && { listen }) });
  const by = { kind: "program", label: "test" } as const;
  await server.controller.links.create({ site: "*", label: "guest", by });
  await server.controller.tokens.create({ name: "ci", may: ["view"], by });
  await server.controller.execute({ type: "close" }, by);
  await server.gate.refresh();
  return server;
}

async function statusOf(url: string, { path = "/", method = "GET", headers = {}, body }: Row): Promise<number> {
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = send({ hostname, port, path, method, headers, agent: false }, (response) => {
      response.on("error", () => {}).on("close", () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    sent.on("error", reject).end(body);
  });
}

async function callsFor(
  ask: (row: Row) => Promise<number>,
  rows: readonly Row[],
): Promise<Readonly<Record<string, string>>> {
  const beyond: Record<string, string> = {};
  // The first request prepares what later ones reuse, which is not counted.
  await ask({ what: "the first" });
  for (const row of rows) {
    let status = 0;
    const calls = await countCalls(async () => {
      status = await ask(row);
    });
    if (calls.total > MAX_CALLS || status < 200) beyond[row.what] = `${calls.total} calls, status ${status}`;
  }
  return beyond;
}

test("a request without credentials is cheap behind the guard of node:http", async () => {
  const { url } = await closedServer();
  expect(await callsFor((row) => statusOf(url, row), VISITORS)).toEqual({});
});

test("a request without credentials is cheap in Express", async () => {
  const { url } = await closedServer(inExpress(express));
  expect(await callsFor((row) => statusOf(url, row), VISITORS)).toEqual({});
});

test("a request without credentials is cheap for the admin's API, page and forms", async () => {
  const { url } = await closedServer();
  expect(
    await callsFor(
      (row) => statusOf(url, row),
      [...VISITORS.map((row) => ({ ...row, path: row.path ?? "/maintenance/" })), ...OPERATORS],
    ),
  ).toEqual({});
});

test("a request without credentials is cheap for a fetch handler", async () => {
  const { gate } = await closedServer();
  const handler = fetchMaintenance(gate, () => new Response("the application"));
  const ask = async ({ path = "/", headers }: Row): Promise<number> => {
    const request = new Request(`http://shop.example${path}`, headers === undefined ? {} : { headers });
    return (await handler(request)).status;
  };
  expect(await callsFor(ask, VISITORS)).toEqual({});
});
