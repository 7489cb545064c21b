import fc from "fast-check";
import { expect, test } from "vitest";
import { createFeed, type Feed } from "../../../src/feed/feed.ts";
import { parseState } from "../../../src/state/parse-state.ts";
import type { State } from "../../../src/state/state.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Position, StateChange, Store } from "../../../src/stores/store.ts";
import { type ChaosStore, chaosStore } from "../../../src/testing/doubles/chaos-store.ts";
import { createFakeClock, type FakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { change } from "../../../src/testing/stores/session.ts";

interface Followed {
  readonly feed: Feed;
  readonly clock: FakeClock;
  readonly store: ChaosStore;
  /** The versions of the states that were applied, and the mode of `shop` in each. */
  readonly applied: string[];
  readonly log: string[];
  newest(): State | undefined;
  /** Passes anything to the listener, as a store of the user's own could. */
  hint(changes?: unknown): void;
  /** Commits without a hint, and returns the change. */
  commit(after: Readonly<Record<string, object | null>>): Promise<StateChange>;
}

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

/** A feed over a store whose hints the test sends. */
async function follow(own: Partial<Store> = {}): Promise<Followed> {
  const inner = memoryStore();
  let listener: (changes?: never) => void = () => {};
  const store = chaosStore({
    ...inner,
    async watch(listen, { signal }) {
      listener = listen;
      listen();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    },
    ...own,
  });
  const clock = createFakeClock();
  const [states, applied, log]: [State[], string[], string[]] = [[], [], []];
  const note = (message: string): void => void log.push(message);
  const feed = createFeed({
    ...{ store, clock, random: () => 0.5, pollInterval: 1_000, onRequestOnly: false, isStarting: () => false },
    ...{ ignoreCase: false, nextTurn: async () => {} },
    logger: { debug: () => {}, info: () => {}, warn: note, error: note },
    onState(state: State) {
      states.push(state);
      applied.push(`${state.version} ${state.records.get("shop")?.mode}`);
    },
    onRefused: () => {},
    onStatus: () => {},
  });
  await change(inner, { shop: OPEN });
  await feed.start();
  return {
    ...{ feed, clock, store, applied, log },
    newest: () => states.at(-1),
    hint: (changes) => listener(changes as never),
    async commit(after) {
      await change(inner, after);
      const [entry] = await inner.history({ limit: 1 });
      return entry as StateChange;
    },
  };
}

const callsOf = ({ calls }: ChaosStore): number => calls.load + calls.changesSince;

test("a change in a hint applies before the store is read, and the read that follows does not apply it again", async () => {
  const { feed, store, applied, hint, commit } = await follow();
  const entry = await commit({ shop: CLOSED });
  const before = callsOf(store);
  store.inject("hang", "changesSince");
  hint([entry]);
  expect(applied).toEqual(["1 open", "2 closed"]);
  store.recover();
  await feed.refresh();
  expect(applied).toEqual(["1 open", "2 closed"]);
  expect(store.calls.changesSince).toBeGreaterThan(0);
  expect(callsOf(store)).toBeGreaterThan(before);
  await feed.close();
});

test("a forged change applies until the read that follows, which corrects and reports it", async () => {
  const { feed, applied, log, hint, commit } = await follow();
  const entry = await commit({ shop: CLOSED });
  await feed.refresh();
  hint([{ ...entry, version: 3, records: [{ id: "shop", seen: 2, before: "{}", after: '{"mode":"open"}' }] }]);
  await feed.refresh();
  expect(applied).toEqual(["1 open", "2 closed", "3 open", "2 closed"]);
  expect(log).toEqual([expect.stringContaining("announced a change that it does not contain")]);
  await feed.close();
});

test("a forged change is corrected too if the store has another change of that version", async () => {
  const { feed, applied, log, hint, commit } = await follow();
  const entry = await commit({ shop: CLOSED });
  hint([{ ...entry, records: [{ id: "blog", seen: 0, before: null, after: '{"mode":"closed"}' }] }]);
  await feed.refresh();
  expect(applied).toEqual(["1 open", "2 open", "2 closed"]);
  expect(log).toHaveLength(1);
  await feed.close();
});

test("a read that began before the hint does not take its change back", async () => {
  const { feed, store, applied, hint, commit } = await follow();
  store.inject("late", "changesSince");
  const old = feed.refresh();
  await Promise.resolve();
  const entry = await commit({ shop: CLOSED });
  hint([entry]);
  store.recover();
  await old;
  await feed.refresh();
  expect(applied).toEqual(["1 open", "2 closed"]);
  await feed.close();
});

test("while the store is away, a change in a hint applies and the status is stale", async () => {
  const { feed, clock, store, applied, hint, commit } = await follow();
  const entry = await commit({ shop: CLOSED });
  store.inject("fail");
  hint([entry]);
  await feed.refresh();
  expect(applied).toEqual(["1 open", "2 closed"]);
  expect(feed.status().state).toBe("stale");
  store.recover();
  await clock.advance(2_000);
  expect(feed.status().state).toBe("live");
  expect(applied).toEqual(["1 open", "2 closed"]);
  await feed.close();
});

test.each<[string, (entry: StateChange) => unknown]>([
  ["of another lineage", (entry) => [{ ...entry, lineage: "another" }]],
  ["that skips a version", (entry) => [{ ...entry, version: 3 }]],
  ["that was applied already", (entry) => [{ ...entry, version: 1 }]],
  ["whose record cannot be read", (entry) => [{ ...entry, records: [{ ...entry.records[0], after: "{" }] }]],
  [
    "whose record is of a later format",
    (entry) => [{ ...entry, records: [{ ...entry.records[0], after: '{"format":9}' }] }],
  ],
  [
    "with a regular expression",
    (entry) => [{ ...entry, records: [{ ...entry.records[0], after: '{"mode":"closed","paths":["re:^/x$"]}' }] }],
  ],
  ["without records", ({ records: _records, ...entry }) => [entry]],
  ["that is no list", (entry) => entry],
  ["that is the name of a file", () => "change"],
  ["that is a list of nothing", () => [null]],
  ["that is empty", () => []],
])("a hint %s is not applied: the store is read", async (_name, carried) => {
  const { feed, applied, hint, commit } = await follow();
  hint(carried(await commit({ shop: CLOSED })));
  expect(applied).toEqual(["1 open"]);
  await feed.refresh();
  expect(applied).toEqual(["1 open", "2 closed"]);
  await feed.close();
});

test("a hint of an eventually consistent store is not applied: a read could not confirm it", async () => {
  const capabilities = { ...memoryStore().capabilities, readAfterWrite: "eventual" } as const;
  const { feed, applied, hint, commit } = await follow({ capabilities });
  hint([await commit({ shop: CLOSED })]);
  expect(applied).toEqual(["1 open"]);
  await feed.close();
});

test("whatever hints arrive, in whatever order, the state ends as one that was read", async () => {
  const site = fc.constantFrom("shop", "blog", "*");
  const content = fc.constantFrom<object | null>(CLOSED, OPEN, { mode: "read-only" }, { hosts: ["a.example"] });
  const step = fc.oneof(
    fc.record({ type: fc.constant("commit" as const), site, content }),
    fc.record({ type: fc.constant("hint" as const), back: fc.nat(4), count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({
      type: fc.constant("spoiled" as const),
      back: fc.nat(2),
      spoil: fc.record(
        {
          version: fc.nat(8),
          lineage: fc.constant("other"),
          records: fc.constantFrom([], [null], [{ id: "shop" }], undefined),
        },
        { requiredKeys: [] },
      ),
      text: fc.option(fc.constantFrom("", "{", "[]", '{"mode":"open"}', '{"mode":"closed"}', '{"hosts":[7]}')),
    }),
    fc.record({
      type: fc.constant("plain" as const),
      value: fc.constantFrom<unknown>(undefined, null, "rename", 7, [[]]),
    }),
    fc.record({ type: fc.constant("read" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { feed, store, hint, commit, newest } = await follow();
      const made: StateChange[] = [];
      for (const one of steps) {
        if (one.type === "commit") made.push(await commit({ [one.site]: one.content }));
        else if (one.type === "hint") hint(made.slice(-1 - one.back).slice(0, one.count));
        else if (one.type === "plain") hint(one.value);
        else if (one.type === "read") await feed.refresh();
        else {
          const entry = made.at(-1 - one.back);
          const records = entry?.records.map((record) => ({
            ...record,
            ...(one.text !== null && { after: one.text }),
          }));
          hint([{ ...entry, records, ...one.spoil }]);
        }
      }
      await feed.refresh();
      const read = parseState(await store.load());
      expect(positionOf(newest())).toEqual(positionOf(read));
      expect(new Map(newest()?.records)).toEqual(read.records);
      await feed.close();
    }),
    { numRuns: 300 },
  );
});

const positionOf = (state: Position | undefined): object => ({ lineage: state?.lineage, version: state?.version });
