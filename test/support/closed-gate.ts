import type { MaintenanceOptions } from "../../src/config/options.ts";
import type { CloseCommand } from "../../src/control/command.ts";
import { createController } from "../../src/control/controller.ts";
import type { RequestFacts } from "../../src/engine/decide/request-facts.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import type { Logger } from "../../src/logger.ts";
import { memoryStore } from "../../src/stores/memory.ts";

export interface TestGate {
  readonly gate: Gate;
  /** The errors that the gate has logged. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  close(settings?: Omit<CloseCommand, "type">): Promise<void>;
  open(): Promise<void>;
}

const BY = { kind: "program", label: "test" } as const;

/** Creates a gate over a memory store and loads it once: all sites are open. */
export async function testGate(options: MaintenanceOptions = {}): Promise<TestGate> {
  const errors: string[] = [];
  const warnings: string[] = [];
  const quiet = (): void => {};
  const logger: Logger = {
    debug: quiet,
    info: quiet,
    warn: (message) => void warnings.push(message),
    error: (message) => void errors.push(message),
  };
  const complete = { store: memoryStore(), logger, ...options };
  const gate = createGate(complete);
  const controller = createController(complete);
  const follow = async (command: Parameters<typeof controller.execute>[0]): Promise<void> => {
    await controller.execute(command, BY);
    await gate.refresh();
  };
  await gate.ready();
  return {
    gate,
    errors,
    warnings,
    close: (settings = {}) => follow({ type: "close", ...settings }),
    open: () => follow({ type: "open" }),
  };
}

/** Counts the decisions of `gate` from this call on. */
export function countDecisions(gate: Gate): () => number {
  const inside = gateInternals(gate);
  const { decide } = inside;
  let count = 0;
  Reflect.set(inside, "decide", (facts: RequestFacts) => {
    count += 1;
    return decide(facts);
  });
  return () => count;
}

/** Makes `gate` throw whenever it plans a response from this call on. */
export function breakPlans(gate: Gate): void {
  Reflect.set(gateInternals(gate), "plan", () => {
    throw new Error("no plan");
  });
}
