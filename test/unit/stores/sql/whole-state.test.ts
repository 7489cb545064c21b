import { expect, test } from "vitest";
import type { LogEntry } from "../../../../src/stores/log/log.ts";
import type { StateRow } from "../../../../src/stores/sql/read.ts";
import { collectPages, readInPages, type StateReads } from "../../../../src/stores/sql/whole-state.ts";
import type { PartRecord } from "../../../../src/stores/store.ts";

const PAGE = 10;
const BY = { kind: "program", label: "test" } as const;

/** Returns the reads of a database with 35 records, which `onPage` can change before each page. */
function database(onPage: (count: number, change: (id: string, text: string | null) => void) => void, keeps = 100) {
  const rows = new Map<string, StateRow>();
  for (let index = 0; index < 35; index += 1) {
    const id = `site-${String(index).padStart(2, "0")}`;
    rows.set(id, { id, version: "1", text: "{}", is_head: "0" });
  }
  const entries: LogEntry[] = [];
  const pages = { count: 0, whole: 0 };
  const version = (): number => 5 + entries.length;
  const head = (): StateRow => ({ id: "L", version: BigInt(version()), text: `stamp ${version()}`, is_head: 1 });
  const sorted = () => [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const change = (id: string, after: string | null): void => {
    const seen = Number(rows.get(id)?.version ?? 0);
    if (after === null) rows.delete(id);
    else rows.set(id, { id, version: seen + 1, text: after, is_head: 0 });
    const next = version() + 1;
    const records = [{ id, seen, before: null, after }];
    entries.push({ version: next, stamp: `stamp ${next}`, command: "edit", records, at: "", by: BY, reason: "" });
  };
  const reads: StateReads = {
    async first(most) {
      if (most === undefined) pages.whole += 1;
      return [head(), ...sorted().slice(0, most)];
    },
    async page(after, most) {
      const page = sorted().filter(({ id }) => id > after);
      pages.count += 1;
      onPage(pages.count, change);
      return page.slice(0, most);
    },
    async tail(from) {
      const later = entries.filter((entry) => entry.version > from);
      return { stamp: `stamp ${from}`, entries: later.length > keeps ? "many" : later };
    },
  };
  const stored = () => sorted().map(({ id, version, text }) => ({ id, version: Number(version), text }));
  return { reads, pages, stored, version };
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

test("records that are changed, added or removed while pages are read are those of the last moment", async () => {
  const place = database((count, change) => {
    if (count === 2) for (const id of ["site-00", "site-30", "site-99"]) change(id, '{"mode":"closed"}');
    if (count === 3) for (const id of ["site-01", "site-33"]) change(id, null);
  });
  const { head, records } = await collectPages(place.reads, PAGE);
  expect([...records].sort(byId)).toEqual(place.stored());
  expect(head).toEqual({ lineage: "L", version: place.version(), stamp: `stamp ${place.version()}` });
  expect(place.pages.whole).toBe(0);
});

test("if the log does not reach back to the start, the parts are void and the read starts again", async () => {
  const parts: (readonly PartRecord[] | "again")[] = [];
  const place = database((count, change) => count === 1 && change("site-00", "{}"), 0);
  const { head, records } = await readInPages(place.reads, async (part) => void parts.push(part), PAGE);
  expect(records).toEqual([]);
  expect(head?.version).toBe(6);
  const last = parts.slice(parts.indexOf("again") + 1).flatMap((part) => (part === "again" ? [] : part));
  expect([...last].sort(byId)).toEqual(place.stored());
});

test("if more is changed each time, one statement reads everything", async () => {
  const place = database((_count, change) => change("site-00", "{}"), 0);
  const { records } = await collectPages(place.reads, PAGE);
  expect(records).toEqual(place.stored());
  expect(place.pages.whole).toBe(1);
});

test("fewer records than a page are read with one statement", async () => {
  const place = database(() => {});
  expect((await collectPages(place.reads, 100)).records).toEqual(place.stored());
  expect(place.pages).toEqual({ count: 0, whole: 0 });
});
