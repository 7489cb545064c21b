import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BY } from "../../support/gate-under-test.ts";
import { type AdminUnderTest, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
});

afterEach(() => under.close());

describe("the history", () => {
  test("describes each change by member, without secrets", async () => {
    await under.ask("POST close", { sites: ["shop"], message: "Back at nine", reason: "moving" });
    await under.controller.links.create({ site: "shop", label: "QA", by: { ...BY, label: "ann" } });
    const { json, text } = await under.ask("GET history");
    expect(json.next).toBe(null);
    expect(json.entries).toMatchObject([
      {
        version: 2,
        command: "add-link",
        by: { label: "ann" },
        sites: [{ site: "shop", changes: [{ member: "links" }] }],
      },
      {
        version: 1,
        at: "2026-11-21T12:00:00Z",
        by: { kind: "admin", label: "root", from: "192.0.2.1" },
        command: "close",
        reason: "moving",
      },
    ]);
    expect(json.entries[1].sites).toEqual([
      {
        site: "shop",
        changes: [
          { member: "mode", before: "open", after: "closed" },
          { member: "notice.message", before: "", after: "Back at nine" },
        ],
      },
    ]);
    expect(text).not.toMatch(/hash|"key"|restore/);
  });

  test("is filtered and has pages, each of which continues the one before", async () => {
    for (const site of ["shop", "blog", "shop", "blog"]) {
      await under.controller.execute(
        { type: "close", sites: [site], reason: `${site}` },
        { ...BY, label: `by ${site}` },
      );
      await under.controller.execute({ type: "open", sites: [site] }, BY);
    }
    const versions = async (query: string): Promise<readonly unknown[]> => {
      const { json } = await under.ask(`GET history?${query}`);
      return [...json.entries.map(({ version }: { version: number }) => version), json.next];
    };
    expect(await versions("site=shop")).toEqual([6, 5, 2, 1, null]);
    expect(await versions("command=open&limit=3")).toEqual([8, 6, 4, expect.any(Number)]);
    const { json } = await under.ask("GET history?command=open&limit=3");
    expect(await versions(`command=open&limit=3&before=${json.next}`)).toEqual([2, null]);
    expect(await versions("by=BY%20SH")).toEqual([5, 1, null]);
    expect(await versions("limit=2")).toEqual([8, 7, expect.any(Number)]);
  });

  test.each(["history", "changes"])(
    "GET %s refuses an unknown site with the one that was probably meant",
    async (path) => {
      const { status, json } = await under.ask(`GET ${path}?site=shpo`);
      expect(status).toBe(404);
      expect(json).toMatchObject({ code: "ERR_UNKNOWN_SITE", hint: "Did you mean 'shop'?" });
      expect((await under.ask(`GET ${path}?site=shop`)).status).toBe(200);
    },
  );
});

describe("explain", () => {
  test("answers as the gate decides, counts nothing, and explains it in a sentence", async () => {
    await under.ask("POST close", { sites: ["shop"], exempt: { addresses: ["10.0.0.0/8"] } });
    const blocked = await under.ask("POST explain", { url: "https://shop.example/cart" });
    expect(blocked.json).toMatchObject({
      decision: { outcome: "block", site: "shop", reason: "mode" },
      sentence: "Blocked: its site is closed, and no exemption applies.",
      answer: { status: 503 },
    });
    const write = { url: "https://shop.example/cart", method: "POST", if: { mode: "read-only" } };
    expect((await under.ask("POST explain", write)).json).toMatchObject({
      sentence: "Blocked: it writes, its site is read-only, and no exemption applies.",
    });
    const inside = await under.ask("POST explain", { url: "https://shop.example/cart", address: "10.1.2.3" });
    expect(inside.json).toMatchObject({ sentence: "Allowed: its address is exempt.", decision: { bypass: true } });
    const json = await under.ask("POST explain", {
      url: "https://shop.example/",
      headers: { Accept: "application/json" },
    });
    expect(json.json.answer.headers).toContainEqual(["Content-Type", "application/problem+json"]);
    expect(under.gate.counters()).toEqual({ blocked: [], bypassed: [] });
  });

  test("does not return the cookie of a link", async () => {
    await under.ask("POST close", { sites: ["shop"] });
    const { query } = await under.controller.links.create({ site: "shop", label: "QA", by: BY });
    await under.gate.refresh();
    const { json } = await under.ask("POST explain", { url: `https://shop.example/?${query}` });
    expect(json).toMatchObject({ decision: { outcome: "admit" }, sentence: "Allowed: it opens a bypass link." });
    expect(json.answer.headers).toContainEqual(["Set-Cookie", expect.stringMatching(/=…$/)]);
  });

  test("returns the outcome for each kind of user if the user matters", async () => {
    await under.close();
    under = adminUnderTest({ ...SITES, exempt: { users: { staff: true } } });
    await under.ask("POST close", { sites: ["*"] });
    expect((await under.ask("POST explain", { url: "/" })).json).toMatchObject({
      decision: { outcome: "defer" },
      sentence: "It depends on the user: name a kind of user.",
      answer: null,
    });
    expect((await under.ask("POST explain", { url: "/", user: "staff" })).json.decision.outcome).toBe("allow");
  });

  test.each([
    [{ url: "shop.example" }, "/url"],
    [{ url: "/", method: "G ET" }, "/method"],
    [{ url: "/", address: "10.1" }, "/address"],
    [{ url: "/", headers: { "a b": "c" } }, "/headers"],
    [{ url: "/", user: "king" }, "/user"],
  ])("names the invalid member: %j", async (body, pointer) => {
    const { status, json } = await under.ask("POST explain", body);
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ pointer }]);
  });
});

describe("preview", () => {
  test("shows what a visitor would see, in each language, and closes nothing", async () => {
    const { status, text, headers } = await under.ask(
      "GET preview?site=shop&locale=de&message=Back%20%3Csoon%3E&until=2099-01-01T00:00:00Z",
    );
    expect(status).toBe(200);
    expect(text).toContain('<html lang="de"');
    expect(text).toContain("Back &lt;soon&gt;");
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("content-security-policy")).toMatch(/script-src .*; sandbox; frame-ancestors 'self'$/);
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("cache-control")).toBe("no-store");
    expect((await under.controller.state()).version).toBe(0);
    expect(under.gate.isClosed("shop")).toBe(false);
  });

  test("shows the current page if there is no draft", async () => {
    await under.ask("POST close", { sites: ["shop"], message: "Moving house" });
    expect((await under.ask("GET preview?site=shop")).text).toContain("Moving house");
    expect((await under.ask("GET preview?site=shop&message=Draft")).text).not.toContain("Moving house");
    expect((await under.ask("GET preview?site=nope")).status).toBe(404);
    expect((await under.ask("GET preview?locale=de%20de")).status).toBe(422);
    expect((await under.ask("GET preview?until=2020-01-01T00:00:00Z")).status).toBe(422);
    expect((await under.ask("GET preview?until=2h&type=json")).json.until).toBe("2026-11-21T14:00:00Z");
  });

  test("also shows the answers to programs", async () => {
    const json = await under.ask("GET preview?site=shop&type=json&message=Draft&mode=read-only");
    expect(json.headers.get("content-type")).toBe("application/problem+json");
    expect(json.json).toMatchObject({ message: "Draft", mode: "read-only", site: "shop" });
    expect((await under.ask("GET preview?type=text&message=Draft&locale=")).text).toContain("Draft");
  });

  test("runs no script of the application's own template", async () => {
    await under.close();
    under = adminUnderTest({ ...SITES, template: ({ message }) => `<script>alert(1)</script>${message}` });
    const { text, headers } = await under.ask("GET preview?message=hello");
    expect(text).toContain("hello");
    expect(headers.get("content-security-policy")).toMatch(/(^|; )sandbox;/);
  });
});

describe("session", () => {
  test("names the user and the rights", async () => {
    under.access.add("ann", ["view"], ["shop"]);
    const { json } = await under.ask("GET session", undefined, { "x-user": "ann" });
    expect(json).toMatchObject({ name: "ann", via: "application", may: [], address: "192.0.2.1" });
    expect(json.now).toBe("2026-11-21T12:00:00Z");
    expect(json.locales).toContain("pt");
  });

  test("tells a caller who is not signed in how to sign in", async () => {
    const { status, json } = await under.ask("GET session", undefined, { "x-user": "unknown" });
    expect(status).toBe(401);
    expect(json).toMatchObject({ ways: { application: true, tokens: false, password: true }, advice: null });
    expect((await under.ask("GET sites", undefined, { "x-user": "unknown" })).json.ways).toBe(undefined);
    const out = await under.ask("DELETE session", undefined, { "x-user": "unknown" });
    expect([out.status, out.headers.getSetCookie()]).toEqual([204, ["session=; Max-Age=0"]]);
  });
});

test("the health reports how the gate follows the store", async () => {
  expect((await under.ask("GET health")).json).toMatchObject({
    state: expect.stringMatching(/live|polling/),
    version: 0,
    lastContact: "2026-11-21T12:00:00Z",
    error: null,
    override: null,
  });
});

test("sites are sorted by name, by closed first, or by last change, with * first on the first page", async () => {
  await under.close();
  const ids = ["a", "b", "c", "d"];
  under = adminUnderTest({ ...SITES, sites: Object.fromEntries(ids.map((id) => [id, {}])) });
  await under.ask("POST close", { sites: ["c"] });
  await under.clock.advance(1_000);
  await under.ask("POST close", { sites: ["b"], mode: "read-only" });
  const order = async (query: string): Promise<readonly string[]> =>
    (await under.ask(`GET sites?${query}`)).json.sites.map(({ id }: { id: string }) => id);
  expect(await order("")).toEqual(["*", "a", "b", "c", "d"]);
  expect(await order("sort=id")).toEqual(["*", "a", "b", "c", "d"]);
  expect(await order("sort=closed")).toEqual(["*", "c", "b", "a", "d"]);
  expect(await order("sort=changed")).toEqual(["*", "b", "c", "a", "d"]);
  expect(await order("sort=changed&limit=2")).toEqual(["*", "b"]);
  expect(await order("sort=changed&limit=2&after=b")).toEqual(["c", "a"]);
  expect((await under.ask("GET sites?sort=changed&limit=2&after=a")).json).toMatchObject({ next: null });
  expect((await under.ask("GET sites?sort=nope")).status).toBe(422);
});

test("a method that a path does not allow gets 405 with its own code and the allowed methods", async () => {
  const { status, headers, json } = await under.ask("PUT sites/shop", {});
  expect([status, json.code]).toEqual([405, "ERR_METHOD_NOT_ALLOWED"]);
  expect(headers.get("allow")).toBe("GET, PATCH, DELETE, HEAD");
});
