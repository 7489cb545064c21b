import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BY } from "../../support/gate-under-test.ts";
import { type AdminUnderTest, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
});

afterEach(() => under.close());

async function version(): Promise<number> {
  return (await under.controller.state()).version;
}

describe("close and open", () => {
  test("take effect at once for the gate of the same process", async () => {
    const closed = await under.ask("POST close", { sites: ["shop", "blog"], message: "Back at nine" });
    expect(closed.status).toBe(200);
    expect(closed.json).toMatchObject({
      dryRun: false,
      outcomes: [
        { site: "shop", effect: "closed" },
        { site: "blog", effect: "closed" },
      ],
      version: 1,
    });
    expect(under.passes({ host: "shop.example" })).toBe(false);
    await under.ask("POST open", { sites: ["shop"] });
    expect(under.passes({ host: "shop.example" })).toBe(true);
    expect(under.passes({ host: "blog.example" })).toBe(false);
    expect((await under.ask("POST open", { sites: ["shop"] })).json.outcomes).toEqual([
      { site: "shop", effect: "unchanged" },
    ]);
  });

  test("return the sites as they are afterwards, if the caller may view them", async () => {
    under.access.add("ann", ["switch"], ["shop", "blog"]);
    const { json } = await under.ask("POST close", { sites: ["shop", "blog"], until: "2026-11-21T14:00:00Z" });
    expect(json.sites).toEqual([(await under.ask("GET sites/shop")).json, (await under.ask("GET sites/blog")).json]);
    expect(json.sites).toMatchObject([{ mode: "closed", until: "2026-11-21T14:00:00Z" }, { mode: "closed" }]);
    expect((await under.ask("POST open", { sites: ["shop"] })).json.sites).toMatchObject([{ mode: "open" }]);
    expect((await under.ask("POST open", { sites: ["blog"] }, { "x-user": "ann" })).json.sites).toEqual([]);
    expect((await under.ask("POST close", { sites: ["shop"], dryRun: true })).json.sites).toEqual([]);
  });

  test.each([
    [{ until: "2026-11-21T15:00:00+01:00" }, "2026-11-21T14:00:00Z"],
    [{ until: "2h" }, "2026-11-21T14:00:00Z"],
    [{ for: "1h30m" }, "2026-11-21T13:30:00Z"],
    [{ until: null }, null],
  ])("ends with %j", async (end, until) => {
    const { status, json } = await under.ask("POST close", { sites: ["shop"], ...end });
    expect(status).toBe(200);
    expect(json.sites).toMatchObject([{ until }]);
  });

  test.each([
    [{ until: "2h", for: "2h" }, "Both 'until' and 'for' are given."],
    [{ for: "2026-11-21T15:00:00Z" }, "'2026-11-21T15:00:00Z' is not a duration."],
    [{ until: "2 hours" }, "'2 hours' is not a duration. Did you mean '2h'?"],
    [{ until: "soon" }, "or a duration such as '2h'"],
    [{ until: 7_200 }, "a number is not a time."],
    [{ until: "2026-11-21T11:00:00Z" }, "is in the past."],
  ])("refuses %j", async (end, message) => {
    const { status, text } = await under.ask("POST close", { sites: ["shop"], ...end });
    expect(status).toBe(422);
    expect(text).toContain(message);
    expect(await version()).toBe(0);
  });

  test("write nothing with dryRun", async () => {
    const { json } = await under.ask("POST close", { sites: ["shop"], dryRun: true });
    expect(json).toMatchObject({ dryRun: true, outcomes: [{ site: "shop", effect: "closed" }], version: 0 });
    expect(await version()).toBe(0);
    expect(under.log.filter((line) => line.includes("closeSites"))).toEqual([]);
  });

  test("change all sites or none: every unknown site is named, or skipped with ignoreMissing", async () => {
    const refused = await under.ask("POST close", { sites: ["nope", "shop", "nada"] });
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({
      code: "ERR_UNKNOWN_SITE",
      errors: [{ pointer: "/sites/0" }, { pointer: "/sites/2" }],
    });
    expect(await version()).toBe(0);
    const skipped = await under.ask("POST close", { sites: ["nope", "shop"], ignoreMissing: true });
    expect(skipped.json.outcomes).toEqual([
      { site: "nope", effect: "skipped" },
      { site: "shop", effect: "closed" },
    ]);
  });

  test.each([
    ["for more than a day", { until: "2026-11-24T12:00:00Z" }, true],
    ["for hours", { until: "2026-11-21T14:00:00Z" }, false],
    ["with robots.txt let in", { until: "2026-11-24T12:00:00Z", exempt: { paths: ["/robots.txt"] } }, false],
    ["only in a part", { until: "2026-11-24T12:00:00Z", paths: ["/checkout/*"] }, false],
  ])("warn about crawlers when closed %s", async (_, how, warns) => {
    const { json } = await under.ask("POST close", { sites: ["shop"], dryRun: true, ...how });
    const said = json.warnings.filter((warning: string) => warning.startsWith("/robots.txt of 'shop' is closed too"));
    expect(said).toHaveLength(warns ? 1 : 0);
  });

  test("name no site by default", async () => {
    const { status, json } = await under.ask("POST close", {});
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ pointer: "/sites" }]);
    expect((await under.ask("POST open", { sites: [] })).status).toBe(422);
  });

  test("name a member that became invalid only now", async () => {
    const { status, json } = await under.ask("POST close", { sites: ["shop"], until: "2020-01-01T00:00:00Z" });
    expect(status).toBe(422);
    expect(json).toMatchObject({ code: "ERR_INVALID_TIME", errors: [{ pointer: "/until" }] });
  });
});

describe("an operator of one site", () => {
  beforeEach(() => under.access.add("ann", ["view", "switch"], ["shop"]));
  const asAnn = { "x-user": "ann" };

  test.each([
    ["POST close", { sites: ["shop", "blog"] }],
    ["POST close", { sites: ["*"] }],
    ["POST close", { sites: ["shop", "nope"], ignoreMissing: true }],
    ["POST open", { sites: ["blog"] }],
    ["PATCH sites/shop", { lockdown: true }],
    ["POST sites/shop/links", { label: "x" }],
    ["POST sites/blog/exemptions", { paths: ["/x"] }],
    ["DELETE sites/shop/links", undefined],
    ["DELETE sites/shop", undefined],
    ["POST sites", { site: "mine" }],
    ["GET sites/blog", undefined],
    ["GET links?site=blog", undefined],
    ["GET history?site=*", undefined],
    ["GET preview?site=blog", undefined],
    ["POST explain", { url: "https://blog.example/" }],
    ["POST explain", { url: "/" }],
    ["GET tokens", undefined],
    ["POST tokens", { name: "x", may: ["view"] }],
    ["DELETE tokens/abcdefgh", undefined],
    ["DELETE sessions", undefined],
  ])("cannot reach other sites: %s %j", async (line, body) => {
    const { status, json } = await under.ask(line, body, { ...asAnn, "if-match": '"0"' });
    expect([status, json.code]).toEqual([403, "ERR_FORBIDDEN"]);
    expect(await version()).toBe(0);
    expect(under.log.some((entry) => /refused .* "ann", 192\.0\.2\.1, with 403/.test(entry))).toBe(true);
  });

  test("can close and open the site", async () => {
    expect((await under.ask("POST close", { sites: ["shop"] }, asAnn)).status).toBe(200);
    expect((await under.ask("POST open", { sites: ["shop"] }, asAnn)).status).toBe(200);
    const { json } = await under.ask("GET history", undefined, asAnn);
    expect(json.entries).toHaveLength(2);
  });

  test("sees nothing of other sites in lists", async () => {
    await under.controller.execute({ type: "close", sites: ["shop", "blog", "*"], reason: "all" }, BY);
    await under.controller.links.create({ site: "blog", label: "secret", by: BY });
    await under.ask("GET sites/shop", undefined, asAnn);
    await under.gate.refresh();
    const texts = await Promise.all(
      ["sites", "links", "history"].map((path) => under.ask(`GET ${path}`, undefined, asAnn)),
    );
    for (const { status, text } of texts) {
      expect(status).toBe(200);
      expect(text).not.toMatch(/blog|secret/);
    }
    expect(texts[2]?.json.entries[0].sites).toMatchObject([{ site: "shop" }]);
  });
});

describe("warnings", () => {
  const warnings = async (body: object, headers = {}): Promise<readonly string[]> =>
    (await under.ask("POST close", { dryRun: true, sites: ["shop"], ...body }, headers)).json.warnings;

  test("appear if the operator would be locked out, and not otherwise", async () => {
    expect(await warnings({})).toEqual([expect.stringContaining("You will not get in to 'shop' yourself")]);
    expect(await warnings({ exempt: { addresses: ["192.0.2.0/24"] } })).toEqual([]);
    expect(await warnings({ exempt: { addresses: ["198.51.100.0/24"] } })).toHaveLength(1);
    expect(await warnings({ exempt: { paths: ["/x"] } })).toHaveLength(1);
    expect(await warnings({ mode: "read-only" })).toEqual([]);
    expect(await warnings({ paths: ["/checkout/*"] })).toEqual([]);
    expect(await warnings({ lockdown: true, exempt: { addresses: ["192.0.2.1"] } })).toEqual([
      expect.stringContaining("In lockdown no exemption counts"),
    ]);
    await under.controller.links.create({ label: "me", by: BY });
    await under.gate.refresh();
    expect(await warnings({})).toEqual([]);
  });

  test("are one sentence for any number of sites", async () => {
    await under.close();
    under = adminUnderTest({ sites: Object.fromEntries([..."abcdef"].map((id) => [id, {}])) });
    expect(await warnings({ sites: [..."abcdef"] })).toEqual([
      "You will not get in to 'a', 'b', 'c' and 3 more yourself: no address, user or link lets 192.0.2.1 in. This admin goes on working.",
    ]);
  });

  test("do not appear if a user or an admin path gets in", async () => {
    await under.close();
    under = adminUnderTest({ ...SITES, exempt: { users: { staff: true } } });
    expect(await warnings({})).toEqual([]);
    await under.close();
    under = adminUnderTest({ ...SITES, exempt: { adminPaths: ["/admin/*"] } });
    expect(await warnings({})).toEqual([]);
    await under.close();
    const paths = [{ pattern: "/status", description: "operators" }];
    under = adminUnderTest({ ...SITES, exempt: { paths } });
    expect(await warnings({})).toEqual([expect.stringContaining("You will not get in")]);
  });

  test("appear if the store can no longer be read", async () => {
    await under.ask("GET sites");
    under.store.inject("fail", "load", "changesSince");
    await under.gate.refresh();
    expect(await warnings({})).toEqual([
      expect.stringContaining("The store has not answered since 2026-11-21T12:00:00Z"),
      expect.any(String),
    ]);
  });

  test("appear if an opened site is still closed by everything (*)", async () => {
    await under.controller.execute({ type: "close", sites: ["*"] }, BY);
    const { json } = await under.ask("POST open", { sites: ["shop"] });
    expect(json.warnings).toEqual([
      "Everything (*) is still closed, and so are the sites that you opened. Open it too.",
    ]);
  });
});

test("an override refuses every switch, and the error says where it is set", async () => {
  await under.close();
  under = adminUnderTest({ ...SITES, override: "off" });
  for (const line of ["POST close", "POST open"]) {
    const { status, json } = await under.ask(line, { sites: ["shop"] });
    expect([status, json.code]).toEqual([409, "ERR_OVERRIDDEN"]);
    expect(json.detail).toContain('override: "off" in the configuration');
  }
  expect((await under.ask("GET health")).json.override).toMatchObject({ mode: "open" });
});
