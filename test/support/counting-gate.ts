import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { createController } from "../../src/control/controller.ts";
import type { CloseOptions } from "../../src/control/verbs.ts";
import { NOTHING_UNDER_WAY, type UnderWayCounts } from "../../src/fleet/row.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/doubles/fake-clock.ts";

/** Turns of the event loop after which a count that was not reached is a failure. */
const MAX_TURNS = 5_000;

export interface CountingGate {
  readonly gate: Gate;
  readonly clock: FakeClock;
  readonly log: readonly string[];
  counts(): UnderWayCounts;
  /** Resolves once the counts have these values; a count that is left out is 0, `oldest` is then not compared. */
  reach(counts: Partial<UnderWayCounts>): Promise<void>;
  close(settings?: CloseOptions, site?: string): Promise<void>;
  open(site?: string): Promise<void>;
}

/** Returns a gate that has loaded its state, and counts. */
export async function countingGate(options: MaintenanceOptions = {}): Promise<CountingGate> {
  const clock = createFakeClock();
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const logger = { debug: () => {}, info: () => {}, warn: note, error: note };
  const base = { store: memoryStore(), clock, logger, ...options };
  const gate = createGate(base);
  const controller = createController(base);
  await gate.ready();
  const counts = (): UnderWayCounts => gateInternals(gate).underWay?.counts() ?? NOTHING_UNDER_WAY;
  return {
    gate,
    clock,
    log,
    counts,
    async reach(wanted) {
      const { oldest, ...others } = wanted;
      const expected = JSON.stringify({ ...NOTHING_UNDER_WAY, ...others, oldest: null });
      const found = (): string => JSON.stringify({ ...counts(), oldest: null });
      for (let turn = 0; found() !== expected && turn < MAX_TURNS; turn += 1) await nextTurn();
      expect(found()).toBe(expected);
    },
    async close(settings = {}, site = "*") {
      await controller.close(site, settings);
      await gate.refresh();
    },
    async open(site = "*") {
      await controller.open(site);
      await gate.refresh();
    },
  };
}
