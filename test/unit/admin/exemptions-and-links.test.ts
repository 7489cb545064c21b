import { afterEach, beforeEach, expect, test } from "vitest";
import { type AdminUnderTest, adminUnderTest } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
});

afterEach(() => under.close());

test("exemptions are added and removed one by one, and let requests in at once", async () => {
  await under.ask("POST close", { sites: ["shop"] });
  const paths = [{ pattern: "/help/*", description: "the help" }];
  const added = await under.ask("POST sites/shop/exemptions", { paths, addresses: ["10.0.0.0/8"], reason: "office" });
  expect(added.status).toBe(200);
  expect(added.json.exemptions).toEqual({ paths, addresses: [{ range: "10.0.0.0/8", description: "" }] });
  expect(under.passes({ host: "shop.example", target: "/help/x" })).toBe(true);

  const removed = await under.ask("DELETE sites/shop/exemptions?path=/help/*&address=10.0.0.0%2F8");
  expect(removed.status).toBe(200);
  expect(removed.json.exemptions).toEqual({ paths: [], addresses: [] });
  expect(under.passes({ host: "shop.example", target: "/help/x" })).toBe(false);
  expect((await under.ask("DELETE sites/shop/exemptions?path=/help/*")).status).toBe(404);
  expect((await under.ask("DELETE sites/shop/exemptions")).status).toBe(422);
  expect((await under.ask("DELETE sites/nope/exemptions?path=/help/*")).status).toBe(404);
  expect((await under.ask("POST sites/nope/exemptions", { paths })).status).toBe(404);
});

test("the error about an invalid exemption names its place", async () => {
  const body = { paths: ["/fine", "re:(", { pattern: "x" }], addresses: ["10.0.0.0/40"] };
  const { status, json } = await under.ask("POST sites/shop/exemptions", body);
  expect(status).toBe(422);
  expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    "/paths/1/pattern",
    "/paths/2/pattern",
    "/addresses/0/range",
  ]);
});

test("a link is shown once, opens the site, and is revoked", async () => {
  await under.ask("POST close", { sites: ["shop"] });
  const made = await under.ask("POST sites/shop/links", { label: "QA", expires: "2026-11-21T14:00:00Z" });
  expect(made.status).toBe(201);
  const { id, token, query, url } = made.json;
  expect(query).toBe(`maintenance-access=${token}`);
  expect(url).toBe(`https://shop.example/?${query}`);
  const opens = (): string =>
    under.gate.decide({
      method: "GET",
      host: "shop.example",
      otherHosts: [],
      target: `/?${query}`,
      address: undefined,
      user: undefined,
      operation: undefined,
      route: undefined,
      header: () => undefined,
    }).outcome;
  expect(opens()).toBe("admit");

  const listed = await under.ask("GET links");
  expect(listed.json.links).toMatchObject([{ id, site: "shop", label: "QA", expired: false }]);
  expect(listed.text).not.toContain(token);
  expect((await under.ask("GET links?site=blog")).json.links).toEqual([]);
  await under.clock.advance(3 * 3_600_000);
  expect((await under.ask("GET links?site=shop")).json.links).toMatchObject([{ expired: true }]);

  expect((await under.ask(`DELETE sites/blog/links/${id}`)).status).toBe(404);
  expect((await under.ask(`DELETE sites/shop/links/${id}`)).status).toBe(204);
  expect(opens()).toBe("block");
  expect((await under.ask("DELETE sites/shop/links")).status).toBe(204);
  expect((await under.ask("POST sites/nope/links", { label: "x" })).status).toBe(404);
  expect(
    (await under.ask("POST sites/shop/links", { label: "x", expires: "2020-01-01T00:00:00Z" })).json,
  ).toMatchObject({
    status: 422,
    errors: [{ pointer: "/expires" }],
  });
  expect(under.log.join()).not.toContain(token);
});

test.each([
  ["2h", "2026-11-21T14:00:00Z"],
  ["2026-11-21T15:00:00+01:00", "2026-11-21T14:00:00Z"],
  [null, null],
])("a link and a token that expire at %j", async (expires, expected) => {
  const link = await under.ask("POST sites/shop/links", { label: "QA", expires });
  const token = await under.ask("POST tokens", { name: "ci", may: ["view"], expires });
  expect([link.json.expires, token.json.expires]).toEqual([expected, expected]);
});

test.each(["2 hours", "soon", "", 7_200])("a link and a token that expire at %j are refused", async (expires) => {
  const link = await under.ask("POST sites/shop/links", { label: "QA", expires });
  const token = await under.ask("POST tokens", { name: "ci", may: ["view"], expires });
  expect([link.json, token.json]).toMatchObject([{ errors: [{ pointer: "/expires" }] }, { status: 422 }]);
});

test("an addition until the site opens is refused while it is open, with the reason, and ends when it opens", async () => {
  const exemptions = { addresses: ["10.0.0.8"], untilOpen: true };
  expect((await under.ask("POST sites/shop/exemptions", exemptions)).json.detail).toContain("'shop' is open");
  expect((await under.ask("POST sites/shop/links", { label: "QA", untilOpen: true })).status).toBe(422);
  const until = "2026-11-21T13:00:00Z";
  const notice = { message: "Back", translations: { de: { title: "", message: "Zurück" } } };
  await under.ask("POST close", { sites: ["shop"], until, ...notice });
  const { json } = await under.ask("POST sites/shop/exemptions", exemptions);
  expect(json).toMatchObject({
    exemptions: { addresses: [{ range: "10.0.0.8" }] },
    afterwards: { exemptions: { addresses: [] }, notice: { message: "", translations: {} } },
  });
  const made = await under.ask("POST sites/shop/links", { label: "QA", untilOpen: true });
  expect(made.json).toMatchObject({ untilOpen: true, expires: null, expired: false });
  await under.clock.advance(3_600_000);
  expect((await under.ask("GET sites/shop")).json).toMatchObject({
    mode: "open",
    exemptions: { addresses: [] },
    links: [],
    afterwards: null,
  });
  expect((await under.ask("GET links")).json.links).toEqual([]);
});

test("a link to a local site has the scheme and port of the admin, every other has https", async () => {
  await under.close();
  under = adminUnderTest({ sites: { shop: { hosts: ["shop.localhost"] }, blog: { hosts: ["localhost.example"] } } });
  const urlOf = async (site: string, origin: string): Promise<string> => {
    const sent = { method: "POST", headers: { "x-user": "root", "content-type": "application/json" } };
    const request = new Request(`${origin}/maintenance/api/v1/sites/${site}/links`, {
      ...sent,
      body: '{"label":"QA"}',
    });
    const { url, query } = JSON.parse(await (await under.admin.fetch(request)).text());
    return url.replace(query, "…");
  };
  expect(await urlOf("shop", "http://localhost:3000")).toBe("http://shop.localhost:3000/?…");
  expect(await urlOf("shop", "https://localhost")).toBe("https://shop.localhost/?…");
  expect(await urlOf("blog", "http://localhost:3000")).toBe("https://localhost.example/?…");
});

test("a token for a program is shown once and listed without its hash", async () => {
  const made = await under.ask("POST tokens", { name: "ci", may: ["switch"], sites: ["shop"] });
  expect(made.status).toBe(201);
  expect(made.json.token).toMatch(/^mm_/);
  const listed = await under.ask("GET tokens");
  expect(listed.json.tokens).toMatchObject([{ id: made.json.id, name: "ci", may: ["switch"], sites: ["shop"] }]);
  expect(listed.text).not.toMatch(/hash|mm_/);
  const history = await under.ask("GET history");
  expect(history.json.entries[0]).toMatchObject({ command: "add-token", sites: [{ changes: [{ member: "tokens" }] }] });
  expect(history.text).not.toMatch(/hash|mm_|sessionKey/);
  expect((await under.ask("DELETE tokens/nonesuch")).status).toBe(404);
  expect((await under.ask(`DELETE tokens/${made.json.id}`)).status).toBe(204);
  expect((await under.ask("GET tokens")).json.tokens).toEqual([]);
  expect((await under.ask("DELETE sessions")).status).toBe(204);
  expect((await under.ask("POST tokens", { name: "x", may: ["view"], sites: ["nope"] })).json).toMatchObject({
    status: 422,
    errors: [{ pointer: "/sites" }],
  });
});
