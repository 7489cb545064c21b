import { expect, test } from "vitest";
import { type RoundReport, runChaos } from "./chaos.ts";

const WITHIN_MS = 120_000;

test("a gate that lets requests in after its lease has run out is found", { timeout: 2 * WITHIN_MS }, async () => {
  const found: RoundReport[] = [];
  await runChaos({
    ...{
      store: "sqlite",
      seed: Date.now() % 1_000_000,
      within: WITHIN_MS,
      arenas: 2,
      hasFence: false,
      withoutRow: false,
    },
    ...{ rounds: 150, only: null, fault: "process: store stalled" },
    onRound: (round) => {
      if (round.isPromised && round.breaches.P1 + round.breaches.P3 > 0) found.push(round);
    },
    isEnough: () => found.length > 0,
  });
  expect(found).not.toEqual([]);
});
