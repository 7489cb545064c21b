import fc from "fast-check";
import { expect, test } from "vitest";
import type { NewLink } from "../../../src/control/verbs.ts";
import { BY } from "../../support/gate-under-test.ts";
import { inEachPlace, type Place, type ServedApp, serveApp } from "./served-app.ts";

const NAME = "__Host-maintenance-bypass";
const SITES = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };
const Host = "shop.example";

async function closedSites(place: Place, options: Parameters<typeof serveApp>[1] = {}): Promise<ServedApp> {
  const app = await serveApp(place, { sites: SITES, ...options });
  await app.execute({ type: "close", sites: ["shop", "blog"] });
  return app;
}

async function newLink({ controller, gate }: ServedApp, link: Partial<NewLink> = {}) {
  const created = await controller.links.create({ site: "shop", label: "QA", ...link, by: BY });
  await gate.refresh();
  return created;
}

async function cookieFor(app: ServedApp, query: string): Promise<string> {
  const { cookies } = await app.ask({ path: `/?${query}`, headers: { Host } });
  return cookies[0]?.split(";")[0]?.slice(NAME.length + 1) ?? "";
}

const statusWith = (app: ServedApp, cookie: string, host = Host): Promise<number> =>
  app.statusOf("/", { Host: host, Cookie: cookie });

inEachPlace("bypass links, %s", (place) => {
  test("row 12: opening a link exchanges its token for a cookie, and the cookie lets in, marked", async () => {
    const app = await closedSites(place);
    const { query, token } = await newLink(app);
    const opened = await app.ask({ path: `/a?x=1&${query}`, headers: { Host } });
    expect([opened.status, opened.headers.get("location")]).toEqual([302, "/a?x=1"]);
    expect(opened.headers.get("cache-control")).toContain("no-store");
    expect(opened.headers.get("referrer-policy")).toBe("no-referrer");
    const [cookie = ""] = opened.cookies;
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"])
      expect(cookie).toContain(`; ${attribute}`);
    expect(JSON.stringify([...opened.headers])).not.toContain(token);
    expect(app.reached).toEqual([]);

    const passed = await app.ask({ path: "/b", headers: { Host, Cookie: cookie.split(";")[0] ?? "" } });
    expect([passed.status, passed.body]).toEqual([200, "the app"]);
    expect(passed.headers.get("maintenance")).toBe("bypass;rule=bypass-cookie");
    expect(passed.headers.get("cache-control")).toBe("private, no-store");
  });

  test("row 13: a token that is wrong, empty, of another site, expired or revoked does not let in", async () => {
    const app = await closedSites(place);
    const blog = await newLink(app, { site: "blog" });
    const brief = await newLink(app, { expires: "2026-11-21T12:00:01Z" });
    const revoked = await newLink(app);
    await app.execute({ type: "revoke-links", site: "shop", links: [revoked.id] });
    await app.clock.advance(1_000);
    const { token } = await newLink(app);
    const refused = [
      ...["maintenance-access=", "maintenance-access", "maintenance-access=wrong", `maintenance-access[]=${token}`],
      ...["maintenance-access[]=x", `Maintenance-Access=${token}`, blog.query, brief.query, revoked.query],
    ];
    for (const query of refused) {
      expect([query, await app.statusOf(`/?${query}`, { Host })]).toEqual([query, 503]);
    }
    expect(await app.statusOf(`/?maintenance-access=${token}`, { Host })).toBe(302);
  });

  test("row 13: a cookie that was changed, invented, voided, or signed with a retired key does not let in", async () => {
    const app = await closedSites(place, { keys: ["k".repeat(32)] });
    const value = await cookieFor(app, (await newLink(app)).query);
    expect(await statusWith(app, `${NAME}=${value}`)).toBe(200);
    const last = value.at(-1) === "A" ? "B" : "A";
    const forged = [`${value.slice(0, -1)}${last}`, value.replace("shop", "blog"), NAME, "", `"${value}"`, `${value}~`];
    for (const it of forged) expect([it, await statusWith(app, `${NAME}=${it}`)]).toEqual([it, 503]);
    expect(await statusWith(app, `maintenance-bypass=${value}`)).toBe(503);
    expect(await statusWith(app, `${NAME}=${value}`, "blog.example")).toBe(503);

    const rotated = await serveApp(place, { sites: SITES, store: app.store, keys: ["n".repeat(32)] });
    expect(await statusWith(rotated, `${NAME}=${value}`)).toBe(503);
    await app.execute({ type: "revoke-links", site: "shop" });
    await newLink(app);
    expect(await statusWith(app, `${NAME}=${value}`)).toBe(503);
  });

  test("row 13: a cookie that combines the fields of two valid cookies does not let in", async () => {
    const app = await closedSites(place);
    const links = [
      await newLink(app),
      await newLink(app, { expires: "2026-11-21T13:00:00Z" }),
      await newLink(app, { site: "*" }),
    ];
    const genuine: string[] = [];
    for (const { query } of links) genuine.push(await cookieFor(app, query));
    const parts = genuine.map((value) => value.split("~"));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...parts.keys()), { minLength: 5, maxLength: 5 }), async (choice) => {
        const spliced = choice.map((from, field) => parts[from]?.[field]).join("~");
        expect(await statusWith(app, `${NAME}=${spliced}`)).toBe(genuine.includes(spliced) ? 200 : 503);
      }),
      { numRuns: 300 },
    );
  });
});
