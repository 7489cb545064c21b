import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeldRecords } from "../../../src/engine/snapshot/held-records.ts";
import { applyChanges, loadState, type Reading, replaceState } from "../../../src/feed/advance-state.ts";
import { parseState } from "../../../src/state/parse-state.ts";
import type { State } from "../../../src/state/state.ts";
import type { PartRecord, StateChange, StateDocument, StoredRecord } from "../../../src/stores/store.ts";

const AT = "2026-11-21T12:00:00Z";

function readingWith(onTurn: () => void = () => {}, signal?: AbortSignal): Reading {
  return { name: "store", separateRecords: true, ignoreCase: false, nextTurn: async () => onTurn(), signal };
}

const READING = readingWith();

function documentOf(records: readonly StoredRecord[], version = 1): StateDocument {
  return { lineage: "test", version, records };
}

function recordsOf(count: number, members: object = { mode: "closed" }): StoredRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `site-${index}`,
    version: 1,
    text: JSON.stringify({ hosts: [`shop-${index}.example`], ...members }),
  }));
}

/** Returns all that a gate reads of a state. */
function told({ records, unreadable, closedInstead, ...position }: State) {
  const unread = [...unreadable].map(([id, { message }]) => [id, message] as const);
  return { ...position, records: new Map(records), unreadable: new Map(unread), closedInstead };
}

describe("100,000 records are read in slices", () => {
  test("the event loop gets its turn at least every 256 records, and before 16 KB more than one record has", async () => {
    let turns = 0;
    await replaceState(
      documentOf(recordsOf(10_000)),
      null,
      readingWith(() => (turns += 1)),
    );
    expect(turns).toBeGreaterThanOrEqual(Math.floor(10_000 / 256));
    turns = 0;
    const long = { notice: { title: "", message: "x".repeat(4_000) } };
    await replaceState(
      documentOf(recordsOf(100, long)),
      null,
      readingWith(() => (turns += 1)),
    );
    expect(turns).toBeGreaterThanOrEqual(19);
  });

  test("a read that is given up ends before the next slice", async () => {
    const ending = new AbortController();
    let turns = 0;
    const reading = readingWith(() => {
      turns += 1;
      if (turns === 3) ending.abort(new Error("closed"));
    }, ending.signal);
    await expect(replaceState(documentOf(recordsOf(10_000)), null, reading)).rejects.toThrow("closed");
    expect(turns).toBe(3);
  });

  test("the state that is held does not change while the next is read", async () => {
    const held = await replaceState(documentOf(recordsOf(1_000)), null, READING);
    const before = told(held);
    const next = await replaceState(
      documentOf(recordsOf(600, { mode: "open" }), 2),
      held,
      readingWith(() => expect(told(held)).toEqual(before)),
    );
    expect(next.records.size).toBe(600);
    expect([...next.records.values()].filter(({ mode }) => mode !== "open")).toEqual([]);
    expect(told(held)).toEqual(before);
  });
});

test("a state that arrives in parts is the same as one that arrives whole, also if the store starts again", async () => {
  const [first, second] = [recordsOf(400), recordsOf(700, { mode: "read-only" }).slice(400)];
  const whole = await replaceState(documentOf([...first, ...second]), null, READING);
  const removed: PartRecord = { id: "site-999", version: 2, text: null };
  const parts = await loadState(
    async (take) => {
      await take(recordsOf(1_000, { mode: "open" }));
      await take("again");
      await take([...recordsOf(399), ...recordsOf(1_000).slice(999)]);
      await take([...first.slice(399), ...second, removed]);
      return documentOf([]);
    },
    null,
    READING,
  );
  expect(told(parts)).toEqual(told(whole));
});

test("records that have not changed are the same objects after a reload", async () => {
  const held = await replaceState(documentOf(recordsOf(300)), null, READING);
  const changed = recordsOf(300).with(7, { id: "site-7", version: 2, text: '{"mode":"open"}' });
  const next = await replaceState(documentOf(changed, 2), held, READING);
  const sites = ({ records }: State) => (records as HeldRecords).sites.byId;
  expect(held.records).toBeInstanceOf(HeldRecords);
  expect(sites(next).changedSince(sites(held))).toEqual(["site-7"]);
});

const id = fc.constantFrom("*", "shop", "blog", "docs");
const text = fc.constantFrom(
  ...['{"mode":"closed"}', '{"mode":"open"}', '{"mode":"closed","paths":["/cart/*"]}', '{"hosts":["shop.example"]}'],
  ...[
    '{"mode":"closed","until":"2026-11-21T12:00:00Z"}',
    '{"mode":"wrong"}',
    "not JSON",
    '{"later":1}',
    '{"hosts":["a b"]}',
  ],
);

test("read in slices, a document is the state that parseState returns, and a record that cannot be read keeps its last version", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(id, text), fc.dictionary(id, text), async (old, now) => {
      const recordsOf = (texts: Readonly<Record<string, string>>, version: number) =>
        Object.entries(texts).map(([id, text]) => ({ id, version, text }));
      const first = await replaceState(documentOf(recordsOf(old, 1)), null, READING);
      const parsed = parseState(documentOf(recordsOf(old, 1)), true);
      const records = new Map([...parsed.records, ...parsed.closedInstead]);
      expect(told(first)).toEqual(told({ ...parsed, records }));
      const second = await replaceState(documentOf(recordsOf(now, 2), 2), first, READING);
      const reparsed = parseState(documentOf(recordsOf(now, 2), 2), true);
      const kept = [...reparsed.closedInstead].map(([id, closed]) => [id, first.records.get(id) ?? closed] as const);
      expect(told(second)).toEqual(told({ ...reparsed, records: new Map([...reparsed.records, ...kept]) }));
    }),
  );
});

test("of two changes, the later one applies; if it cannot be read, the one before it", async () => {
  const held = await replaceState(documentOf([{ id: "shop", version: 1, text: '{"mode":"open"}' }]), null, READING);
  const change = (version: number, after: string | null): StateChange => ({
    ...{ lineage: "test", version, command: "edit", at: AT, by: { kind: "program", label: "test" }, reason: "" },
    records: [{ id: "shop", seen: version - 1, before: null, after }],
  });
  const closed = change(2, '{"mode":"closed"}');
  const next = await applyChanges(held, [closed, change(3, '{"mode":"opne"}')], READING);
  expect(next?.records.get("shop")).toMatchObject({ mode: "closed", version: 2 });
  expect([...(next?.unreadable.keys() ?? [])]).toEqual(["shop"]);
  expect((await applyChanges(held, [closed, change(3, null)], READING))?.records.size).toBe(0);
  expect(await applyChanges(held, [change(3, null)], READING)).toBeNull();
  const whole = { ...READING, separateRecords: false };
  await expect(applyChanges(held, [change(2, "{")], whole)).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
});

test.each([["in one slice"], ["in two slices"]])(
  "a site that was removed and then cannot be read is closed, %s",
  async (slices) => {
    const held = await replaceState(documentOf([{ id: "shop", version: 1, text: '{"mode":"open"}' }]), null, READING);
    const between =
      slices === "in one slice"
        ? []
        : recordsOf(300).map(({ id, text }) => ({ id, seen: 0, before: null, after: text }));
    const change = (version: number, records: StateChange["records"]): StateChange => ({
      ...{ lineage: "test", version, at: AT, by: { kind: "program", label: "test" }, command: "close", reason: "" },
      records,
    });
    const next = await applyChanges(
      held,
      [
        change(2, [{ id: "shop", seen: 1, before: '{"mode":"open"}', after: null }]),
        change(3, between),
        change(4, [{ id: "shop", seen: 0, before: null, after: '{"mode":"ajar"}' }]),
      ],
      READING,
    );
    expect(next?.records.get("shop")?.mode).toBe("closed");
    expect([...(next?.unreadable.keys() ?? [])]).toEqual(["shop"]);
  },
);
