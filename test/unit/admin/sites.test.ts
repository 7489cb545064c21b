import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BY } from "../../support/gate-under-test.ts";
import { type AdminUnderTest, adminUnderTest } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
});

afterEach(() => under.close());

describe("the list of sites", () => {
  test("has every site as its visitors see it, and `*` first", async () => {
    await under.ask("POST close", { sites: ["*"], until: "2026-11-21T13:00:00Z" });
    const { status, json } = await under.ask("GET sites");
    expect(status).toBe(200);
    expect(json.sites.map(({ id }: { id: string }) => id)).toEqual(["*", "blog", "shop"]);
    expect(json).toMatchObject({ total: 3, closed: 3, next: null });
    expect(json.sites[2]).toMatchObject({
      id: "shop",
      configured: true,
      mode: "open",
      hosts: ["shop.example"],
      inForce: { mode: "closed", until: "2026-11-21T13:00:00Z", by: "*" },
      version: 0,
      changed: null,
      may: ["view", "switch", "edit", "links", "access"],
    });
  });

  test("can be searched by id and host, filtered by mode, and read in pages", async () => {
    await under.ask("POST close", { sites: ["shop"], mode: "read-only" });
    const ids = async (query: string) =>
      (await under.ask(`GET sites?${query}`)).json.sites.map(({ id }: { id: string }) => id);
    expect(await ids("search=BLOG.exa")).toEqual(["blog"]);
    expect(await ids("mode=read-only")).toEqual(["shop"]);
    expect(await ids("mode=open")).toEqual(["*", "blog"]);
    const first = await under.ask("GET sites?limit=2");
    expect(first.json).toMatchObject({ total: 3, closed: 1, next: "blog" });
    expect(await ids("limit=2&after=blog")).toEqual(["shop"]);
    expect(await ids("after=*")).toEqual(["blog", "shop"]);
  });

  test("shows and counts only sites that the caller may view", async () => {
    under.access.add("ann", ["view"], ["shop"]);
    await under.ask("POST close", { sites: ["blog"] });
    const { json } = await under.ask("GET sites", undefined, { "x-user": "ann" });
    expect(json).toMatchObject({ total: 1, closed: 0, sites: [{ id: "shop", may: ["view"] }] });
  });

  test("shows the effect of an override", async () => {
    await under.close();
    under = adminUnderTest({ override: "on" });
    const { json } = await under.ask("GET sites");
    expect(json.sites[0].inForce).toEqual({
      mode: "closed",
      until: null,
      by: 'override: "on" in the configuration',
      only: [],
    });
  });
});

describe("one site", () => {
  test("has its version, and no secrets", async () => {
    await under.controller.links.create({ site: "shop", label: "QA", by: BY });
    const { headers, json, text } = await under.ask("GET sites/shop");
    expect(headers.get("etag")).toBe('"1"');
    expect(json).toMatchObject({ version: 1, links: [{ label: "QA", site: "shop", expired: false }] });
    expect(text).not.toMatch(/hash|"key"/);
  });

  test("is found by every escape of its id that clients write", async () => {
    expect((await under.ask("GET sites/%2A")).json).toMatchObject({ id: "*" });
    expect((await under.ask("GET sites/*")).json).toMatchObject({ id: "*" });
  });

  test("gets 404 for an unknown or invalid id", async () => {
    expect((await under.ask("GET sites/nope")).status).toBe(404);
    expect((await under.ask("GET sites/NOPE")).json).toMatchObject({ status: 404, code: "ERR_NOT_FOUND" });
  });

  test("can be edited at the version that the caller has seen", async () => {
    const edited = await under.ask("PATCH sites/shop", { lockdown: true, reason: "audit" }, { "if-match": '"0"' });
    expect(edited.status).toBe(200);
    expect(edited.headers.get("etag")).toBe('"1"');
    expect(edited.json).toMatchObject({
      lockdown: true,
      version: 1,
      changed: { by: { kind: "admin", label: "root", from: "192.0.2.1" }, reason: "audit" },
    });
    expect((await under.ask("PATCH sites/shop", { lockdown: false })).status).toBe(428);
    for (const tag of ["1", "*", 'W/"1"', '"01"', '"1", "1"']) {
      expect((await under.ask("PATCH sites/shop", { lockdown: false }, { "if-match": tag })).status, tag).toBe(400);
    }
  });

  test("is a conflict if it has changed since, and the answer has the stored site", async () => {
    await under.controller.execute({ type: "close", sites: ["shop"], message: "Theirs" }, BY);
    const { status, json } = await under.ask("PATCH sites/shop", { lockdown: true }, { "if-match": '"0"' });
    expect(status).toBe(412);
    expect(json).toMatchObject({
      code: "ERR_CONFLICT",
      current: { id: "shop", version: 1, lockdown: false, notice: { message: "Theirs" } },
    });
  });

  test("can be added and removed, unless the configuration names it", async () => {
    const added = await under.ask("POST sites", { site: "news", hosts: ["News.example"] });
    expect(added.status).toBe(201);
    expect(added.json).toMatchObject({ id: "news", configured: false, hosts: ["news.example"] });
    expect((await under.ask("POST sites", { site: "news" })).status).toBe(409);
    expect((await under.ask("POST sites", { site: "newer", hosts: ["shop.example"] })).json).toMatchObject({
      status: 422,
      code: "ERR_INVALID_HOST",
      errors: [{ pointer: "/hosts" }],
    });
    expect((await under.ask("DELETE sites/news")).status).toBe(428);
    expect((await under.ask("DELETE sites/news", undefined, { "if-match": '"7"' })).status).toBe(412);
    expect((await under.ask("DELETE sites/news", undefined, { "if-match": '"1"' })).status).toBe(204);
    expect((await under.ask("GET sites/news")).status).toBe(404);
    expect((await under.ask("DELETE sites/shop", undefined, { "if-match": '"0"' })).json).toMatchObject({
      status: 409,
      code: "ERR_SITE_CONFIGURED",
    });
  });

  test("gets an error that names every invalid member", async () => {
    const body = { lockdown: "yes", statusCode: 200, retryAfter: -1, paths: ["/a", "b"], nonsense: 1 };
    const { status, json } = await under.ask("PATCH sites/shop", body, { "if-match": '"0"' });
    expect(status).toBe(422);
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      "/lockdown",
      "/nonsense",
      "/paths/1",
      "/retryAfter",
      "/statusCode",
    ]);
    expect((await under.controller.state()).version).toBe(0);
  });
});
