import { afterEach, expect, test } from "vitest";
import { forEachInSlices, MAX_SLICE } from "../../src/admin/http/in-slices.ts";
import { countCalls } from "../support/count-calls.ts";
import { type AdminUnderTest, adminUnderTest } from "../unit/admin/admin-under-test.ts";

let under: AdminUnderTest | null = null;

afterEach(async () => {
  await under?.close();
  under = null;
});

/** Returns the maximum number of items that `work` processes between two turns of the event loop. */
async function longestSlice(work: (note: () => void) => Promise<unknown>): Promise<number> {
  let [current, longest, ended] = [0, 0, false];
  const turn = (): void => {
    longest = Math.max(longest, current);
    current = 0;
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await work(() => {
    current += 1;
  });
  ended = true;
  return Math.max(longest, current);
}

test("a long list is read in steps, and other requests get their turn between them", async () => {
  const items = Array.from({ length: 50_001 }, (_, place) => (place * 7_919) % 50_001);
  const visited: number[] = [];
  const slice = await longestSlice(async (note) => {
    await forEachInSlices(items, (item) => {
      note();
      visited.push(item);
    });
  });
  expect([visited, slice]).toEqual([items, MAX_SLICE]);
});

test("a search among 20,000 sites returns pages, with the total numbers", async () => {
  const sites = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, place) => [`site-${place}`, { hosts: [`s${place}.example`] }]),
  );
  under = adminUnderTest({ sites });
  await under.ask("POST close", { sites: ["site-777"] });
  let asked = 0;
  under.access.grant("viewer", (right, site) => {
    asked += 1;
    return right === "view" && site !== "site-1777";
  });
  const page = async (
    after: string,
  ): Promise<{ sites: { id: string }[]; total: number; closed: number; next: string | null }> =>
    (await under?.ask(`GET sites?search=777&limit=10${after}`, undefined, { "x-user": "viewer" }))?.json;
  const wanted = Object.keys(sites)
    .filter((id) => id.includes("777") && id !== "site-1777")
    .sort();
  const first = await page("");
  const second = await page(`&after=${first.next}`);
  const ids = [...first.sites, ...second.sites].map(({ id }) => id);
  expect([first.total, first.closed, second.total]).toEqual([wanted.length, 1, wanted.length]);
  expect(ids).toEqual(wanted.slice(0, 20));
  const slice = await longestSlice(async (note) => {
    under?.access.grant("counting", () => {
      note();
      return false;
    });
    await under?.ask("GET sites?search=x", undefined, { "x-user": "counting" });
  });
  expect(slice).toBeLessThanOrEqual(MAX_SLICE + 10);
  expect(asked).toBeGreaterThan(20_000);
});

const MANY = 20_000;

/** Creates an admin with many sites, each once, in no order. */
function manySites(): AdminUnderTest {
  const ids = Array.from({ length: MANY }, (_, place) => `site-${(place * 7_919) % MANY}`);
  return adminUnderTest({ sites: Object.fromEntries(ids.map((id) => [id, {}])) });
}

async function listed(query: string, who = "root"): Promise<{ sites: { id: string }[]; next: string | null }> {
  return (await under?.ask(`GET sites?${query}`, undefined, { "x-user": who }))?.json;
}

test.each(["id", "closed", "changed"])(
  "after each change, a page of many sites by %s is found without sorting them",
  async (sort) => {
    under = manySites();
    await listed("limit=1");
    for (const site of ["site-5", "site-4321"]) {
      await under.ask("POST close", { sites: [site] });
      let ids: readonly string[] = [];
      const calls = await countCalls(async () => {
        ids = (await listed(`sort=${sort}&limit=50`)).sites.map(({ id }) => id);
      });
      expect([ids.length, ids[0], ids.includes(site) || sort === "id"]).toEqual([50, "*", true]);
      // Each site is compared with the last one of the page; the few that belong to the page are also compared with others on it.
      expect(calls.of("admin/views/list-sites.ts#comparePlaces")).toBeLessThan(1.5 * MANY);
      expect(calls.of("admin/views/list-sites.ts#insert")).toBe(MANY + 1);
    }
    const searched = await countCalls(() => listed("search=site-777"));
    expect(searched.of("admin/views/list-sites.ts#comparePlaces")).toBeLessThan(200);
  },
);

test.each(["id", "closed", "changed"])("pages by %s follow each other without a gap", async (sort) => {
  under = manySites();
  const sites = ["site-3", "site-77", "site-9999", "site-12", "site-500"];
  for (const site of sites) await under.ask("POST close", { sites: [site] });
  const all = (await listed(`sort=${sort}&limit=1000`)).sites.map(({ id }) => id).slice(0, 30);
  const paged: string[] = [];
  for (let after = ""; paged.length < 30; after = `&after=${paged.at(-1)}`) {
    paged.push(...(await listed(`sort=${sort}&limit=3${after}`)).sites.map(({ id }) => id));
  }
  expect(paged).toEqual(all);
  expect(sort === "id" || sites.every((site) => all.slice(0, 6).includes(site))).toBe(true);
});

test.each(["sites", "sites?search=site-1", "sites?sort=closed", "links"])(
  "GET %s with rights on three of many sites costs the same as with three sites",
  async (line) => {
    under = manySites();
    under.access.add("shopkeeper", ["view"], ["site-1", "site-11", "site-12", "gone"]);
    await listed("limit=1");
    const calls = await countCalls(async () => under?.ask(`GET ${line}`, undefined, { "x-user": "shopkeeper" }));
    expect(calls.of("admin/access/rights.ts#may")).toBeLessThan(50);
    // Once for each site in the list, and once for its description.
    expect(calls.of("engine/decide/in-force.ts#inForce")).toBeLessThanOrEqual(2 * 3);
  },
);

test("a page of large records ends before its limit, and the next continues", async () => {
  const ids = Array.from({ length: 60 }, (_, place) => `site-${place + 10}`);
  under = adminUnderTest({ sites: Object.fromEntries(ids.map((id) => [id, {}])) });
  under.access.add("shopkeeper", ["view"], ids);
  const languages = ["de", "fr", "it", "es", "pt", "nl"];
  const translations = Object.fromEntries(languages.map((tag) => [tag, { message: "m".repeat(5_000) }]));
  await under.ask("POST close", { sites: ids, translations });
  const found: string[] = [];
  let [pages, next]: [number, string | null] = [0, ""];
  while (next !== null) {
    const page = await listed(`limit=1000${next && `&after=${next}`}`, "shopkeeper");
    expect(page.sites.length).toBeLessThan(ids.length);
    found.push(...page.sites.map(({ id }) => id));
    pages += 1;
    next = page.next;
  }
  expect([found, pages]).toEqual([ids, 2]);
});

test.each([
  ["history", 1],
  ["changes", 3],
])(
  "GET %s reads long records in steps, and other requests get their turn between them",
  async (what, asksPerChange) => {
    under = adminUnderTest();
    const changes = 12;
    const translations = Object.fromEntries(
      ["de", "fr", "it", "es", "pt", "nl"].map((language) => [language, { message: "m".repeat(5_000) }]),
    );
    for (let count = 0; count < changes; count += 1) {
      await under.ask("POST close", { sites: ["shop"], message: `${count}`, translations });
    }
    let shown = 0;
    const slice = await longestSlice(async (note) => {
      under?.access.grant("counting", (right) => {
        if (right === "view") note();
        return right === "view";
      });
      const { json } = (await under?.ask(`GET ${what}`, undefined, { "x-user": "counting" })) ?? {};
      shown = (json.entries ?? json.changes).length;
    });
    expect(shown).toBe(changes);
    // A change has 60,000 characters of records, so each slice has one. The right is asked twice before the first.
    expect(slice).toBeLessThanOrEqual(2 + asksPerChange);
  },
);
