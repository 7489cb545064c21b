import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ROUTES } from "../../../src/admin/api/routes.ts";
import { type AdminUnderTest, type Answer, adminUnderTest } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(async () => {
  under = adminUnderTest();
  await under.ask("POST close", { sites: ["shop"], message: "Back at nine" });
});

afterEach(() => under.close());

async function version(): Promise<number> {
  return (await under.controller.state()).version;
}

/** A valid body for each route that takes one; the tests derive invalid ones from these. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  signIn: { password: "correct horse battery" },
  addSite: { site: "news", hosts: ["news.example"], reason: "why" },
  editSite: {
    hosts: ["shop.example"],
    paths: ["/cart/*"],
    exemptions: { paths: [{ pattern: "/x", description: "x" }], addresses: [{ range: "10.0.0.0/8", description: "" }] },
    lockdown: true,
    title: "t",
    message: "m",
    translations: { de: { title: "t", message: "m" } },
    moreUrl: "https://a.example/",
    statusCode: 503,
    retryAfter: 60,
    refresh: 0,
    redirect: "/down",
    reason: "why",
  },
  closeSites: {
    sites: ["shop", "blog"],
    mode: "read-only",
    until: "2099-01-01T00:00:00Z",
    title: "t",
    message: "m",
    translations: { de: { title: "t", message: "m" } },
    moreUrl: null,
    statusCode: 503,
    retryAfter: 60,
    paths: ["/cart/*"],
    exempt: { paths: [{ pattern: "/x", description: "" }], addresses: [{ range: "10.0.0.1", description: "" }] },
    lockdown: false,
    reason: "why",
    ignoreMissing: false,
    anyway: false,
  },
  openSites: { sites: ["shop"], reason: "why", ignoreMissing: false, anyway: false },
  addExemptions: { paths: [{ pattern: "/x", description: "" }], addresses: [{ range: "10.0.0.1", description: "" }] },
  createLink: { label: "QA", expires: "2099-01-01T00:00:00Z", reason: "why" },
  explain: {
    url: "https://shop.example/",
    method: "GET",
    address: "10.0.0.1",
    headers: { accept: "*/*" },
    user: "staff",
  },
  createToken: { name: "ci", may: ["view"], sites: ["shop"], expires: null },
  sendCommand: { command: { type: "close", sites: ["shop"], reason: "why" }, dryRun: false },
};

/** `close-and-wait` takes the body of `close`, and answers to a valid one only after a while: it has its own test. */
const WITH_BODY = ROUTES.filter(({ body, path }) => body !== undefined && path !== "close-and-wait");
const WITH_QUERY = ROUTES.filter(({ query }) => query !== undefined);
const pathOf = (path: string): string => path.replace("{site}", "shop").replace("{id}", "abcdefgh");

async function send(operation: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const route = ROUTES.find((one) => one.operation === operation);
  const { method = "", path = "" } = route ?? {};
  const current =
    method === "PATCH" ? { "if-match": (await under.ask("GET sites/shop")).headers.get("etag") ?? "" } : {};
  return await under.ask(`${method} ${pathOf(path)}`, body, { ...current, ...headers });
}

/** Expects that the request was accepted, or that it was refused and nothing has changed. */
async function refusedWhole(before: number, { status, json, text }: Answer): Promise<void> {
  expect(status, text).toBeLessThan(500);
  if (status < 400) return;
  expect(json, text).toMatchObject({ status, code: expect.stringMatching(/^ERR_/) });
  if (status === 422) expect(json.errors.length).toBeGreaterThan(0);
  expect(await version(), text).toBe(before);
}

test("every route with a body has a valid body in this test", () => {
  expect(WITH_BODY.map(({ operation }) => operation).filter((operation) => !(operation in BODIES))).toEqual([]);
});

const NASTY = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  fc.constantFrom(
    ...[null, true, -1, 0, 1.5, 1e308, 2 ** 53, "", " ", "*", "../..", "__proto__", "constructor", "re:(a+)+$", "re:("],
    ...["x".repeat(70_000), "é".repeat(600), "<script>", "2026-02-30T00:00:00Z", "9999-99-99", "//evil", "a\r\nb: c"],
    ...[[], [[]], {}, { toString: 1 }, Array.from({ length: 2_000 }, () => "shop"), ["shop", "shop"], [null]],
  ),
);

/** Returns the path of every member in a value, from the outside inwards. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...inner.flatMap(([key, part]) => placesIn(part, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((part, place) => (place === key ? replaced(part, rest, by) : part));
  const object: Record<string, unknown> = { ...(value as object) };
  if (rest.length === 0 && by === undefined) delete object[key];
  else object[key] = replaced(object[key], rest, by);
  return object;
}

describe.each(WITH_BODY.map(({ operation }) => operation))("%s", (operation) => {
  const good = BODIES[operation] ?? {};

  test("refuses a body with any part missing or replaced", async () => {
    const bad = fc.record({
      place: fc.constantFrom(...placesIn(good)),
      value: fc.oneof(fc.constant(undefined), NASTY),
    });
    await fc.assert(
      fc.asyncProperty(bad, async ({ place, value }) => {
        const before = await version();
        await refusedWhole(before, await send(operation, JSON.stringify(replaced(good, place, value)) ?? ""));
      }),
      { numRuns: 60 },
    );
  });

  test("refuses a body with unknown members, extreme nesting, duplicates, or members of a prototype", async () => {
    const before = await version();
    const text = JSON.stringify(good);
    const [first = "x"] = Object.keys(good);
    const doubled = text.replace("{", `{${JSON.stringify(first)}:1,`);
    const escaped = text.replace("{", `{"\\u00${first.charCodeAt(0).toString(16)}${first.slice(1)}":1,`);
    const deep = `{"${first}":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const bad: readonly [number, string][] = [
      [422, JSON.stringify({ ...good, nonsense: 1 })],
      [400, doubled],
      [400, escaped],
      [400, text.replace("{", '{"__proto__":{"sites":["*"]},')],
      [operation === "signIn" ? 413 : 400, deep],
      [400, ""],
      [400, text.slice(1)],
      [400, `${text}x`],
      [400, `{"${first}":"\\ud800"}`],
      [400, `{"${first}":"\\u0000"}`],
      [422, "[]"],
      [422, "null"],
      [422, '"text"'],
    ];
    for (const [status, body] of bad) expect((await send(operation, body)).status, body.slice(0, 60)).toBe(status);
    expect(await version()).toBe(before);
  });

  test.each([
    ["application/json; charset=utf-16", 415],
    ["application/json; charset=iso-8859-1", 415],
    ["text/plain", 415],
    ["application/x-www-form-urlencoded", 415],
    ["multipart/form-data; boundary=x", 415],
    ["", 415],
  ])("refuses another media type: %s", async (type, status) => {
    expect((await send(operation, good, { "content-type": type })).status).toBe(status);
    expect((await send(operation, good, { "content-encoding": "gzip" })).status).toBe(415);
  });
});

test.each([
  [
    "close",
    { site: "shop", until: "tonight", titel: "x", exempt: { adresses: [], path: [] } },
    [
      ["/sites", "body, sites is missing."],
      ["/until", "body, until: 'tonight' is not an RFC 3339 time"],
      ["/exempt/adresses", "body, exempt: unknown member 'adresses'. Did you mean 'addresses'?"],
      ["/exempt/path", "body, exempt: unknown member 'path'. Did you mean 'paths'?"],
      ["/site", "body: unknown member 'site'. Did you mean 'sites'?"],
      ["/titel", "body: unknown member 'titel'. Did you mean 'title'?"],
    ],
  ],
  [
    "close",
    { sites: [], message: 5 },
    [
      ["/sites", "body, sites: expected at least one site, found an empty list."],
      ["/message", "body, message: expected a string, found 5."],
    ],
  ],
  [
    "explain",
    { ip: "10.0.0.1" },
    [
      ["/url", "body, url is missing."],
      ["/ip", "body: unknown member 'ip'. It may have: url, method, address, headers, user, operation, if."],
    ],
  ],
  [
    "tokens",
    { name: "ci", may: [] },
    [["/may", "body, may: expected at least one of view, switch, edit, links, access, found an empty list."]],
  ],
])("POST %s lists every invalid member of %j", async (path, body, errors) => {
  const { status, json } = await under.ask(`POST ${path}`, body);
  expect(status).toBe(422);
  expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(errors.map(([pointer]) => pointer));
  for (const [place, [, message = ""]] of errors.entries()) expect(json.errors[place].message).toContain(message);
});

test("lists every invalid member to a limited caller too, but reads no more of the body than of a valid one", async () => {
  under.access.add("ada", ["switch"], ["shop"]);
  const headers = { "x-user": "ada" };
  const { json } = await under.ask("POST close", { site: "shop", until: "tonight" }, headers);
  expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(["/sites", "/until", "/site"]);
  const paths = Array.from({ length: 2_000 }, (_, index) => `/${index}`);
  const large = await under.ask("POST close", { site: "shop", paths }, headers);
  expect(large.json.detail).toContain("'paths' has 2000 items");
});

test("refuses invalid UTF-8 and a body that is too large", async () => {
  const request = (body: Uint8Array<ArrayBuffer>): Promise<Response> =>
    under.admin.fetch(
      new Request("http://admin.example/maintenance/api/v1/close", {
        method: "POST",
        headers: { "x-user": "root", "content-type": "application/json" },
        body,
      }),
    );
  const before = await version();
  expect((await request(new Uint8Array([0x22, 0xff, 0x22]))).status).toBe(400);
  expect((await request(new Uint8Array(1_048_577).fill(0x20))).status).toBe(413);
  expect(await version()).toBe(before);
});

describe.each(WITH_QUERY.map(({ operation, method, path }) => [operation, method, path] as const))(
  "%s",
  (_operation, method, path) => {
    test("answers any query without an unexpected error", async () => {
      const name = fc.constantFrom(
        ...["site", "search", "mode", "limit", "after", "by", "command", "before", "path", "address"],
        ...["locale", "title", "message", "url", "until", "nonsense", "__proto__", "toString"],
      );
      const value = fc.oneof(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.constantFrom(
          "shop",
          "*",
          "-1",
          "0",
          "1e3",
          "99999999999999999999",
          "closed",
          "re:(",
          "/x",
          "x".repeat(9_000),
        ),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 4 }), async (pairs) => {
          const before = await version();
          const query = pairs.map(([key, text]) => `${key}=${encodeURIComponent(text)}`).join("&");
          const answer = await under.ask(`${method} ${pathOf(path)}?${query}`);
          expect(answer.status, answer.text).toBeLessThan(500);
          if (answer.status >= 400) expect(await version()).toBe(before);
        }),
        { numRuns: 60 },
      );
      expect((await under.ask(`${method} ${pathOf(path)}?nonsense=1`)).status).toBe(422);
      expect((await under.ask(`${method} ${pathOf(path)}?site=%ff`)).status).toBe(400);
      expect((await under.ask(`${method} ${pathOf(path)}?site=%zz`)).status).toBe(400);
    });
  },
);

test("answers any headers and path on every route without an unexpected error", async () => {
  const before = await version();
  const header = fc.constantFrom("if-match", "last-event-id", "content-length", "content-type", "accept", "origin");
  const text = fc.string({ unit: fc.constantFrom(...'"*W/0123456789abc;=, ~é'), maxLength: 20 });
  const segment = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("*", "shop", "..", "%2e%2e", "a;b"),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ROUTES.filter(({ path }) => path !== "events")),
      header,
      text,
      segment,
      async ({ method, path }, name, value, part) => {
        const filled = path.replace(/\{\w+\}/g, encodeURIComponent(part));
        const url = `http://admin.example/maintenance/api/v1/${filled}`;
        const request = new Request(url, { method, headers: { "x-user": "root", [name]: value } });
        const response = await under.admin.fetch(request);
        expect(response.status, await response.text()).toBeLessThan(500);
      },
    ),
    { numRuns: 300 },
  );
  // Only requests without body and version may succeed: they revoke links and sessions.
  const commands = (await under.controller.history())
    .filter((change) => change.version > before)
    .map(({ command }) => command);
  expect(commands.filter((command) => !["revoke-links", "end-sessions"].includes(command))).toEqual([]);
});
