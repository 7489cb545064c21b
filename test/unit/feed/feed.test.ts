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
    ...{ onRequestOnly: false, isStarting: () => false, onState: () => {}, onRefused: () => {}, onStatus: () => {} },
  });
  await feed.start();
  expect(feed.status().state).toBe("stale");
  await feed.close();
});
