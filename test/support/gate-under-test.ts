import type { MaintenanceOptions } from "../../src/config/options.ts";
import { type Controller, createController } from "../../src/control/controller.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { type ChaosStore, chaosStore } from "../../src/testing/doubles/chaos-store.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { requestFacts, type TestRequest } from "./request-facts.ts";

export interface GateUnderTest {
  readonly gate: Gate;
  readonly controller: Controller;
  readonly store: ChaosStore;
  readonly clock: FakeClock;
  /** The logged messages, oldest first. */
  readonly log: readonly string[];
  /** Whether the gate lets the request through now. */
  passes(request?: TestRequest): boolean;
}

export const BY = { kind: "program", label: "test" } as const;

/** Creates a gate over a chaos store, on a fake clock, and a controller that writes to the same store without faults. */
export function gateUnderTest(options: MaintenanceOptions = {}): GateUnderTest {
  const clock = createFakeClock(Date.parse("2026-11-21T12:00:00Z"));
  const inner = options.store ?? memoryStore();
  const store = chaosStore(inner);
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const logger = { debug: () => {}, info: note, warn: note, error: note };
  const gate = createGate({ clock, logger, random: () => 0.5, ...options, store });
  const controller = createController({ ...options, store: inner, clock });
  return {
    gate,
    controller,
    store,
    clock,
    log,
    passes: (request) => gateInternals(gate).decide(requestFacts(request)).outcome === "allow",
  };
}
