import { expect, test } from "vitest";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";

test("timers fire in order, each at its own time, also those set by a callback", async () => {
  const clock = createFakeClock(1_000);
  const rung: string[] = [];
  const ring = (name: string) => () => void rung.push(`${name} ${clock.now()}`);
  clock.setTimer(ring("late"), 300);
  clock.setTimer(() => {
    ring("early")();
    void Promise.resolve().then(() => clock.setTimer(ring("set on the way"), 100));
  }, 100);
  clock.setTimer(ring("twin"), 300);
  await clock.advance(299);
  expect(rung).toEqual(["early 1100", "set on the way 1200"]);
  expect(clock.timers).toBe(2);
  await clock.advance(1);
  expect(rung.slice(2)).toEqual(["late 1300", "twin 1300"]);
  expect(clock.now()).toBe(1_300);
});

test("a cancelled timer does not fire", async () => {
  const clock = createFakeClock();
  const cancel = clock.setTimer(() => expect.unreachable(), 10);
  cancel();
  cancel();
  await clock.advance(20);
  expect(clock.timers).toBe(0);
});

test("a delay above 2^31 - 1 is limited to it, as with the system's timers", async () => {
  const clock = createFakeClock(0);
  let rung = 0;
  clock.setTimer(() => rung++, Number.MAX_SAFE_INTEGER);
  await clock.advance(2 ** 31 - 1);
  expect(rung).toBe(1);
});
