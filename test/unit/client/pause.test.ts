import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { pause } from "../../../src/client/waiting-fetch.ts";

test("resolves when the time has passed, and leaves no listener on the signal", async () => {
  const { signal } = new AbortController();
  const wait = pause(0, signal);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await wait;
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  await pause(0, null);
});

test("rejects with the signal's reason, and stops its timer", async () => {
  const controller = new AbortController();
  const timers = countTimers();
  const wait = pause(60_000, controller.signal);
  expect(countTimers()).toBe(timers + 1);
  controller.abort("gone");
  await expect(wait).rejects.toBe("gone");
  expect(countTimers()).toBe(timers);
});

test("rejects at once if the signal has already aborted", async () => {
  const timers = countTimers();
  await expect(pause(60_000, AbortSignal.abort("gone"))).rejects.toBe("gone");
  expect(countTimers()).toBe(timers);
});

test("a wait longer than a timer's maximum is not cut to zero", async () => {
  const controller = new AbortController();
  const wait = pause(2 ** 40, controller.signal);
  const first = await Promise.race([wait.then(() => "slept"), pause(2, null).then(() => "waiting")]);
  controller.abort("gone");
  await expect(wait).rejects.toBe("gone");
  expect(first).toBe("waiting");
});

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
