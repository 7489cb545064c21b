import { afterEach, beforeEach, expect, test } from "vitest";
import { countCalls } from "../support/count-calls.ts";
import { type AdminUnderTest, adminUnderTest } from "../unit/admin/admin-under-test.ts";

/** The number of sites that the token names. */
const COUNT = 300;
const IDS = Array.from({ length: COUNT }, (_, place) => `site-${place}`);
const HUNDRED = IDS.slice(0, 100);
const WHO = { "x-user": "shopkeeper" };
/** The maximum number of items that one request of a limited caller may send for all its sites together. */
const MAX_ITEMS = 500;

let under: AdminUnderTest;

beforeEach(async () => {
  under = adminUnderTest({
    sites: Object.fromEntries(IDS.map((id) => [id, { hosts: [`${id}.example`] }])),
    exempt: { wellKnownPaths: [] },
  });
  under.access.add("shopkeeper", ["view", "switch", "edit"], IDS);
  // The first request starts the gate, which reads the paths of its configuration.
  await under.ask("GET sites/site-0");
});

afterEach(() => under.close());

const paths = (count: number): readonly string[] => Array.from({ length: count }, (_, place) => `/${place}`);
/** Returns distinct expressions, so that each is compiled. */
const expressions = (count: number) => Array.from({ length: count }, (_, place) => `re:^/${place}/.{1,60}$`);
const CLOSE = { mode: "closed", exemptions: { paths: [], addresses: [] } };
const found = (ids: readonly string[], change: object) =>
  ids.map((site) => ({ site, left: CLOSE, found: { ...CLOSE, ...change } }));

test.each([
  ["POST close", { sites: IDS }, "300 sites"],
  ["POST open", { sites: IDS }, "300 sites"],
  ["POST close", { sites: HUNDRED, paths: paths(6) }, "600 items of lists"],
  ["POST close", { sites: HUNDRED, exempt: { addresses: paths(20) }, dryRun: true }, "2000 items of lists"],
  ["POST close", { sites: HUNDRED, message: "m".repeat(700) }, "characters"],
  [
    "POST close",
    { sites: HUNDRED.slice(0, 9), title: "ä".repeat(100), message: "m".repeat(8_000) },
    "characters over its 9 sites",
  ],
  ["POST commands", { command: { type: "close", sites: HUNDRED, paths: paths(6) } }, "600 items of lists"],
  ["POST commands", { command: { type: "restore", records: found(HUNDRED, { paths: paths(11) }) } }, "items of lists"],
])(
  "%s beyond the limit of a limited caller's request is refused before any item is validated: %#",
  async (line, body, what) => {
    const calls = await countCalls(async () => {
      const { status, json } = await under.ask(line, body, WHO);
      expect([status, json.detail]).toEqual([422, expect.stringContaining(what)]);
      expect(json.detail).toMatch(/\d+ sites, and may (?:have|name) \d+\.$/);
      expect(json.hint).toContain("in several requests");
    });
    expect(calls.of("rules/paths/pattern.ts#parsePathPattern")).toBe(0);
    expect(calls.of("state/serialize-site-record.ts#serializeSiteRecord")).toBeLessThanOrEqual(COUNT);
    expect(calls.of("control/apply/apply-command.ts#applyCommand")).toBe(0);
  },
);

test("the largest change of a hundred sites by a limited caller parses each item as often as a change of one site", async () => {
  const close = async (prefix: string): Promise<void> => {
    const list = paths(MAX_ITEMS / HUNDRED.length).map((path) => `/${prefix}${path}`);
    expect((await under.ask("POST close", { sites: HUNDRED, paths: list }, WHO)).status).toBe(200);
  };
  const calls = await countCalls(() => close("a"));
  expect(calls.of("rules/paths/pattern.ts#parsePathPattern")).toBeLessThanOrEqual(5 * MAX_ITEMS);
  expect(calls.of("engine/snapshot/compiled-site.ts#compileRules")).toBe(HUNDRED.length);
  expect(calls.of("state/parse-site-record.ts#upgradeRecord")).toBeLessThanOrEqual(2 * HUNDRED.length);
  const addresses = Array.from({ length: 5 }, (_, place) => `192.0.2.${place}`);
  expect((await under.ask("POST close", { sites: HUNDRED, exempt: { addresses } }, WHO)).status).toBe(200);
  // The records already have as many items as one request may reach.
  const { status, json } = await under.ask("POST close", { sites: HUNDRED, paths: ["/b"] }, WHO);
  expect([status, json.detail]).toEqual([422, expect.stringContaining("items of lists")]);
  for (const sites of [HUNDRED.slice(0, 50), HUNDRED.slice(50)])
    expect((await under.ask("POST close", { sites, paths: ["/b"] }, WHO)).status).toBe(200);
});

test("large records can be opened in several requests, one at a time whatever their size", async () => {
  const sites = IDS.slice(0, 4);
  const translations = Object.fromEntries(
    ["de", "fr", "it", "es", "pt", "nl"].map((language) => [language, { title: "", message: "m".repeat(5_000) }]),
  );
  for (const site of sites)
    expect((await under.ask("POST close", { sites: [site], translations }, WHO)).status).toBe(200);
  const { status, json } = await under.ask("POST open", { sites }, WHO);
  expect([status, json.detail]).toEqual([422, expect.stringContaining("characters")]);
  for (const some of [sites.slice(0, 2), sites.slice(2)])
    expect((await under.ask("POST open", { sites: some }, WHO)).status).toBe(200);
});

test("different expressions are counted over all sites, and a repeated one once", async () => {
  const [first = "", ...others] = expressions(12);
  expect((await under.ask("POST close", { sites: HUNDRED, paths: [first] }, WHO)).status).toBe(200);
  for (const [place, path] of others.entries()) {
    const { status } = await under.ask("POST close", { sites: [`site-${place}`], paths: [path] }, WHO);
    expect(status).toBe(200);
  }
  const { status, json } = await under.ask("POST open", { sites: IDS.slice(0, 20) }, WHO);
  expect([status, json.detail]).toEqual([422, expect.stringContaining("instructions of expressions")]);
});

test("a caller with the right on everything changes all sites in one request", async () => {
  expect((await under.ask("POST close", { sites: IDS, paths: paths(20) })).status).toBe(200);
});

test("the forms of the page have the same limit", async () => {
  const send = async (path: string, sites: readonly string[]) => {
    const fields = new URLSearchParams([...sites.map((site) => ["site", site]), ["sure", "yes"]] as [string, string][]);
    const headers = { ...WHO, "content-type": "application/x-www-form-urlencoded" };
    return (await under.ask(`POST /maintenance/${path}`, fields.toString(), headers)).headers.get("location");
  };
  expect(await send("close", IDS)).toBe("./?refused=ERR_INVALID_REQUEST");
  expect(await send("close", HUNDRED)).toBe("./?done=close");
  expect(await send("open", IDS)).toBe("./?refused=ERR_INVALID_REQUEST");
  expect(await send("open", HUNDRED)).toBe("./?done=open");
});

test.each(["POST close", "POST open", "PATCH sites/one-1", "POST sites/one-1/exemptions"])(
  "%s checks only the site that it names, whatever the number of sites",
  async (line) => {
    await under.close();
    const sites = Object.fromEntries(Array.from({ length: 5_000 }, (_, place) => [`one-${place}`, {}]));
    under = adminUnderTest({ sites });
    under.access.add("shopkeeper", ["view", "switch", "edit"], ["one-1"]);
    await under.ask("GET sites/one-1");
    const body = line.startsWith("POST sites") || line.startsWith("PATCH") ? {} : { sites: ["one-1"] };
    const calls = await countCalls(async () => {
      const { status } = await under.ask(line, { ...body, reason: "" }, { ...WHO, "if-match": '"0"' });
      expect(status).toBeLessThan(423);
    });
    expect(calls.of("control/apply/known-sites.ts#has")).toBeGreaterThan(0);
    expect(calls.of("control/apply/known-sites.ts#has")).toBeLessThanOrEqual(4);
    expect(calls.of("control/apply/known-sites.ts#allSites")).toBe(0);
  },
);
