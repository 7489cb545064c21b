import { beforeAll, expect, test } from "vitest";
import { requireService } from "../support/require-service.ts";
import { MARIADB, NATS, POSTGRES, REDIS, SQLITE } from "../support/servers/store-kinds.ts";
import { type RoundReport, runChaos } from "./chaos.ts";
import { countExits } from "./results.ts";

const SUITES = {
  file: requireService("file", "", true),
  sqlite: SQLITE.suite,
  postgres: POSTGRES.suite,
  mysql: MARIADB.suite,
  redis: REDIS.suite,
  nats: NATS.suite,
};

/** About two minutes on two free cores. */
const ROUNDS = 200;
/** Milliseconds that a store gets on a busy machine; more only while an exit has not occurred. */
const WITHIN_MS = 180_000;
const MAX_MS = 300_000;

for (const [store, suite] of Object.entries(SUITES)) {
  suite(`a barrier over ${store}, while faults happen`, () => {
    const rounds: RoundReport[] = [];
    const brokenBy = (kind: "P1" | "P2" | "P3"): readonly RoundReport[] =>
      rounds.filter(({ isPromised, breaches }) => isPromised && breaches[kind] > 0);

    beforeAll(async () => {
      const began = performance.now();
      const seed = Date.now() % 1_000_000;
      await runChaos({
        ...{
          store,
          seed,
          rounds: 2 * ROUNDS,
          within: MAX_MS,
          hasFence: true,
          withoutRow: false,
          only: null,
          fault: null,
        },
        onRound: (round) => void rounds.push(round),
        isEnough: () => hasEveryExit(rounds) && (rounds.length >= ROUNDS || performance.now() - began > WITHIN_MS),
      });
      console.log(`${store}: ${rounds.length} rounds, seed ${seed}; exits ${JSON.stringify(countExits(rounds))}`);
    }, 2 * MAX_MS);

    test("returns 0, 5 and 6", () => expect(countExits(rounds)).toMatchObject(EVERY_EXIT));
    test("lets nothing in after it has returned 0 or 5", () => expect(brokenBy("P1")).toEqual([]));
    test("has nothing under way when it returns 0 or 5", () => expect(brokenBy("P2")).toEqual([]));
    test("lets nothing in to a process that 5 names", () => expect(brokenBy("P3")).toEqual([]));
    test("leaves every process free once the site is open", () => {
      expect(rounds.filter(({ breaches }) => breaches.free > 0)).toEqual([]);
    });
  });
}

const EVERY_EXIT = { 0: expect.any(Number), 5: expect.any(Number), 6: expect.any(Number) };

function hasEveryExit(rounds: readonly RoundReport[]): boolean {
  const exits = countExits(rounds);
  return Object.keys(EVERY_EXIT).every((exit) => exit in exits);
}
