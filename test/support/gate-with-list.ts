import { afterEach } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { barrierText, cuttable, membersOf, rowsOf, skippingClock } from "./barriers.ts";
import { requestFacts } from "./request-facts.ts";

export const SITES = { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } };
/** Called after each test, the last first. */
export const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A gate of two sites over a list of processes in which a test sets barriers. */
export async function gateWithList(options: Parameters<typeof createGate>[0] = {}) {
  const inner = memoryStore();
  const clock = skippingClock();
  const { store, state } = cuttable(inner);
  const gate = createGate({ store, clock, sites: SITES, random: () => 0.5, logger: silentLogger, ...options });
  ends.push(() => Promise.all([gate.close(), clock.advance(10_000)]));
  await Promise.all([gate.ready(), clock.advance(100)]);
  await clock.advance(2_000);
  const controller = createController({ store: inner, clock, sites: SITES }, { by: "test" });
  const members = membersOf(inner);
  const arm = (given: Parameters<typeof barrierText>[0] = {}) => members.setBarrier(barrierText(given), null);
  /** Changes the state, so that the gate renews its row soon. */
  const wake = async () => {
    await controller.close("blog");
    await controller.open("blog");
    await clock.advance(2_000);
  };
  const row = async () => (await rowsOf(inner))[0];
  const versionOf = async (site: string) => (await inner.load()).records.find(({ id }) => id === site)?.version ?? 0;
  return { gate, clock, inner, members, controller, arm, wake, store: state, row, versionOf };
}

/** Returns the decision on a request of a visitor. */
export function told(gate: Gate, host = "shop.example"): string {
  const decision = gateInternals(gate).decide(requestFacts({ host }));
  return decision.outcome === "defer" ? "defer" : `${decision.outcome} ${decision.reason}`;
}
