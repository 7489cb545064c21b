import { expect, test } from "vitest";
import { createController } from "../../../../src/control/controller.ts";
import { memoryStore } from "../../../../src/stores/memory.ts";
import { quickClock } from "../../../support/quick-clock.ts";

test("a wait lasts as long by the monotonic clock, although the wall clock is set meanwhile", async () => {
  const quick = quickClock(0);
  let set = 0;
  const clock = { ...quick, now: () => quick.now() + set, monotonic: () => quick.now() };
  const controller = createController({ store: memoryStore(), sites: { shop: {} }, clock }, { by: "test" });
  const onProgress = (): void => {
    set = 3_600_000;
  };
  const { exit, elapsed } = await controller.close("shop", { wait: { timeout: "20s", onProgress } });
  expect(exit).toBe(6);
  expect(elapsed).toBeLessThan(21_000);
  expect(quick.now()).toBeGreaterThanOrEqual(20_000);
});
