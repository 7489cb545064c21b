import { afterEach, expect, test } from "vitest";
import { forEachInSlices, MAX_SLICE, sortInSlices } from "../../../src/admin/in-slices.ts";
import { type AdminUnderTest, adminUnderTest } from "./admin-under-test.ts";

let under: AdminUnderTest | null = null;

afterEach(async () => {
  await under?.close();
  under = null;
});

/** How many items the work looks at between two turns of the event loop, at most. */
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

test("a long list is gone through and sorted in slices, between which others get their turn", async () => {
  const items = Array.from({ length: 50_001 }, (_, place) => (place * 7_919) % 50_001);
  const visited: number[] = [];
  const slice = await longestSlice(async (note) => {
    await forEachInSlices(items, (item) => {
      note();
      visited.push(item);
    });
  });
  expect([visited, slice]).toEqual([items, MAX_SLICE]);
  let sorted: readonly number[] = [];
  const compared = await longestSlice(async (note) => {
    sorted = await sortInSlices(items, (a, b) => {
      note();
      return a - b;
    });
  });
  expect(sorted).toEqual(items.map((_, place) => place));
  expect(compared).toBeLessThan(MAX_SLICE * 20);
});

test("of 20,000 sites the searched ones are found page by page, with the numbers of all", async () => {
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

test.each([
  ["history", 1],
  ["changes", 3],
])("GET %s reads long records in slices, between which others get their turn", async (what, asksPerChange) => {
  under = adminUnderTest();
  const changes = 12;
  const translations = Object.fromEntries(
    ["de", "fr", "it", "es", "pt", "nl"].map((language) => [language, { message: "m".repeat(5_000) }]),
  );
  for (let count = 0; count < changes; count += 1) {
    await under.ask("POST close", { sites: ["shop"], notice: { message: `${count}`, translations } });
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
});
