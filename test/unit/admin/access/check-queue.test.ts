import { expect, test } from "vitest";
import { createAttemptLimiter } from "../../../../src/admin/access/attempt-limiter.ts";
import { createCheckQueue, type Place } from "../../../../src/admin/access/check-queue.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

/** Returns a function that makes checks which the test ends, and the list of the checks that have begun, in order. */
function checks() {
  const begun: { readonly name: string; readonly end: () => void }[] = [];
  const check = (name: string) => (): Promise<boolean> =>
    new Promise((resolve) => begun.push({ name, end: () => resolve(true) }));
  return { begun, check };
}

const place = (rank: number, client: string, network = client): Place => ({ rank, client, network });

test("two passwords are checked at once, and clients that have not failed come first", async () => {
  const { begun, check } = checks();
  const queue = createCheckQueue();
  const all = [
    queue.run(place(3, "a"), check("a")),
    queue.run(place(3, "b"), check("b")),
    queue.run(place(3, "c"), check("c")),
    queue.run(place(1, "operator"), check("operator")),
    queue.run(place(0, "known"), check("known")),
  ];
  const names: string[] = [];
  for (let served = 0; served < all.length; served += 1) {
    await Promise.resolve();
    expect(begun.length - served).toBeLessThanOrEqual(2);
    names.push(begun[served]?.name ?? "");
    begun[served]?.end();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
  expect(names).toEqual(["a", "b", "known", "operator", "c"]);
  expect(await Promise.all(all)).toEqual([true, true, true, true, true]);
});

test("a full queue makes room for a client that has not failed, and one network cannot fill it", async () => {
  const { begun, check } = checks();
  const queue = createCheckQueue();
  const flood = Array.from({ length: 100 }, (_, index) =>
    queue.run(place(3, `client ${index}`, `network ${index}`), check("flood")),
  );
  const operator = queue.run(place(1, "operator"), check("operator"));
  const neighbours = Array.from({ length: 10 }, (_, index) => queue.run(place(1, `n${index}`, "one"), check("n")));
  const refused = (await Promise.all(neighbours.slice(6))).filter((answer) => answer === "busy");
  expect(refused).toHaveLength(4);
  begun[0]?.end();
  begun[1]?.end();
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  expect(begun.slice(2).map(({ name }) => name)).toContain("operator");
  for (let served = 0; served < begun.length; served += 1) {
    begun[served]?.end();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  expect(await operator).toBe(true);
  expect((await Promise.all(flood)).filter((answer) => answer === "busy").length).toBeGreaterThanOrEqual(48);
});

test("guesses are counted per client, per network and in total, and a client that has not failed never waits", () => {
  const limiter = createAttemptLimiter();
  for (let guess = 0; guess < 20; guess += 1) limiter.fail(`203.0.113.${guess}`, NOW);
  expect(limiter.wait("203.0.113.7", NOW)).toBeGreaterThan(0);
  expect(limiter.wait("203.0.113.200", NOW)).toBe(0);
  expect(limiter.wait("198.51.100.1", NOW)).toBe(0);
  const rank = (address: string): number => limiter.place(address, NOW).rank;
  limiter.succeed("203.0.113.250");
  expect(["203.0.113.7", "203.0.113.200", "198.51.100.1", "203.0.113.250"].map(rank)).toEqual([3, 2, 1, 0]);
  expect(limiter.place("2001:db8:1:2::1", NOW).network).toBe(limiter.place("2001:db8:1:ffff::9", NOW).network);
  for (let guess = 0; guess < 500; guess += 1) limiter.fail(`10.${guess >> 8}.${guess & 255}.1`, NOW);
  expect(limiter.wait("10.0.3.1", NOW)).toBeGreaterThan(0);
  expect(limiter.wait("198.51.100.1", NOW)).toBe(0);
});

test("clients without a known address do not lock each other out", () => {
  const limiter = createAttemptLimiter();
  for (let guess = 0; guess < 100; guess += 1) limiter.fail(undefined, NOW);
  expect(limiter.wait(undefined, NOW)).toBe(0);
});
