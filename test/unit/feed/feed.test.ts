import { expect, test } from "vitest";
import { createController } from "../../../src/control/controller.ts";
import { createFeed } from "../../../src/feed/feed.ts";
import { safeLogger } from "../../../src/logger.ts";
import type { State } from "../../../src/state/state.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { BY } from "../../support/gate-under-test.ts";

test("a state that cannot be applied is not kept: the error is reported once, and the next read tries again", async () => {
  const [store, clock, log] = [memoryStore(), createFakeClock(), [] as string[]];
  const applied: number[] = [];
  let failing = false;
  const note = (message: string): void => void log.push(message);
  const feed = createFeed({
    store,
    clock,
    logger: { debug: () => {}, info: note, warn: note, error: note },
    random: () => 0.5,
    pollInterval: 1_000,
    onRequestOnly: false,
    ignoreCase: false,
    nextTurn: async () => {},
    isStarting: () => false,
    onRefused: () => {},
    onState(state: State) {
      if (failing) throw new Error("out of memory");
      applied.push(state.version);
    },
    onStatus: () => {},
  });
  await feed.start();
  failing = true;
  await createController({ store }).execute({ type: "close" }, BY);
  await clock.advance(5_000);
  expect(feed.status()).toMatchObject({ state: "stale", error: { code: "ERR_STATE_UNREADABLE" } });
  expect(log.slice(1)).toEqual([expect.stringContaining("could not be applied: out of memory")]);
  failing = false;
  await clock.advance(1_000);
  expect(applied).toEqual([0, 1]);
  expect(feed.status()).toMatchObject({ state: "live", error: null });
  await feed.close();
});

test("a logger that throws interrupts neither a read nor the process", async () => {
  const store = memoryStore();
  const clock = createFakeClock();
  const fail = (): never => {
    throw new Error("the log is full");
  };
  const logger = safeLogger({ debug: fail, info: fail, warn: fail, error: fail });
  for (const level of ["debug", "info", "warn", "error"] as const) expect(logger[level]("?")).toBeUndefined();
  store.load = () => Promise.reject(new Error("away"));
  const feed = createFeed({
    ...{ store, clock, logger, random: () => 0.5, pollInterval: 1_000 },
    ...{ onRequestOnly: false, ignoreCase: false, nextTurn: async () => {} },
    ...{ isStarting: () => false, onState: () => {}, onRefused: () => {}, onStatus: () => {} },
  });
  await feed.start();
  expect(feed.status().state).toBe("stale");
  await feed.close();
});

test("a change and a close during a load: the change is read after it, and the close ends it", async () => {
  const { lineage, version } = { lineage: "test", version: 1 };
  const records = Array.from({ length: 2_000 }, (_, index) => ({
    id: `s${index}`,
    version: 1,
    text: '{"mode":"closed"}',
  }));
  const [applied, asked]: [string[], number[]] = [[], []];
  let onTurn = (): void => {};
  const store = {
    ...memoryStore(),
    load: async () => ({ lineage, version, records }),
    changesSince: async ({ version }: { readonly version: number }) => {
      asked.push(version);
      return [];
    },
  };
  const feedOf = () =>
    createFeed({
      ...{ store, clock: createFakeClock(), logger: safeLogger(console), random: () => 0.5, pollInterval: 1_000 },
      ...{ onRequestOnly: false, ignoreCase: false, nextTurn: async () => onTurn(), isStarting: () => false },
      ...{ onState: ({ records }: State) => void applied.push(`${records.size} records`) },
      ...{ onRefused: () => {}, onStatus: () => {} },
    });
  const feed = feedOf();
  let hinted: Promise<void> | undefined;
  onTurn = () => {
    expect(applied).toEqual([]);
    hinted ??= feed.refresh();
  };
  await feed.start();
  await hinted;
  expect(applied).toEqual(["2000 records"]);
  expect(asked).toContain(1);
  await feed.close();

  applied.length = 0;
  const closing = feedOf();
  let closed: Promise<void> | undefined;
  onTurn = () => {
    closed ??= closing.close();
  };
  await closing.start();
  await closed;
  expect(applied).toEqual([]);
  expect(closing.status().state).toBe("closed");
});
