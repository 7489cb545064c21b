import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FAULTS, faultsOf } from "./faults.ts";
import { planRound } from "./plan.ts";
import { readResults, withResults } from "./publish.ts";
import { createRandom } from "./random.ts";
import { byEverything, isBroken, type Line, sumLines } from "./results.ts";

const LINE: Line = {
  ...{ store: "sqlite", level: "strict", fault: "process stopped", isPromised: true },
  ...{ rounds: 1, exits: { 0: 1 }, broken: { P1: 0, P2: 0, P3: 0, free: 0 }, freeAfter: 10 },
};

test("the page shows the published results, none of which is broken", () => {
  const page = readFileSync(new URL("../../docs/fleet.md", import.meta.url), "utf8");
  const results = readResults();
  expect(withResults(page, results)).toBe(page);
  expect(results.lines.filter(isBroken)).toEqual([]);
});

test("adds up lines of one fault", () => {
  const other: Line = { ...LINE, rounds: 2, exits: { 0: 1, 5: 1 }, broken: { ...LINE.broken, P3: 4 }, freeAfter: 5 };
  const sum = { ...LINE, rounds: 3, exits: { 0: 2, 5: 1 }, broken: { ...LINE.broken, P3: 4 } };
  expect(sumLines([LINE, other, { ...LINE, level: "presence" }], byEverything)).toEqual([
    sum,
    { ...LINE, level: "presence" },
  ]);
});

test("a request that breaks no promise breaks nothing, a process that is not free does", () => {
  expect(isBroken({ ...LINE, broken: { ...LINE.broken, P1: 1 } })).toBe(true);
  expect(isBroken({ ...LINE, isPromised: false, broken: { ...LINE.broken, P1: 1 } })).toBe(false);
  expect(isBroken({ ...LINE, isPromised: false, broken: { ...LINE.broken, free: 1 } })).toBe(true);
});

test("plans the same round for the same seed, and every fault that a store can have", () => {
  const possible = faultsOf({ port: 1, server: null });
  expect(planRound(createRandom(7), possible)).toEqual(planRound(createRandom(7), possible));
  const random = createRandom(1);
  const planned = Array.from({ length: 2_000 }, () => planRound(random, possible)).flatMap(({ faults }) => faults);
  const names = new Set(planned.map(({ fault }) => fault.name));
  expect(names).toEqual(new Set(FAULTS.filter(({ needs }) => needs !== "server").map(({ name }) => name)));
});
