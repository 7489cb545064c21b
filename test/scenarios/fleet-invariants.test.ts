import fc from "fast-check";
import { expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { OBSERVATION_MS } from "../../src/fleet/barrier.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { barrierText, cuttable, membersOf, rowsOf, skippingClock } from "../support/barriers.ts";
import { requestFacts } from "../support/request-facts.ts";

const SITES = { shop: { hosts: ["shop.example"] } };
const STEP_MS = 500;

type Command =
  | { readonly does: "arm" | "close" | "open" | "disarm" | "cut" | "heal" }
  /** The process stands still: neither timers nor answers run. */
  | { readonly does: "stall" | "pass"; readonly steps: number };

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ does: fc.constantFrom("pass", "stall"), steps: fc.integer({ min: 1, max: 40 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ does: fc.constantFrom("arm", "close", "open", "disarm", "cut", "heal") }),
    },
  ),
  { minLength: 3, maxLength: 14 },
);

/** A gate over a list, and a coordinator that evicts a row once it has been bound and has not changed for long enough. */
async function setUp(fleet: "presence" | "strict") {
  const inner = memoryStore();
  const { store, state } = cuttable(inner);
  const clock = skippingClock();
  const members = membersOf(inner);
  const gate = createGate({ store, clock, sites: SITES, fleet, random: () => 0.5, logger: silentLogger });
  await Promise.all([gate.ready(), clock.advance(2_000)]);
  const controller = createController({ store: inner, clock, sites: SITES }, { by: "test" });
  const seen = new Map<string, { readonly seq: number; readonly since: number }>();
  let barrier: { readonly id: string; seq: number; readonly epoch: number } | null = null;
  let barriers = 0;

  const isLetIn = (): boolean => gateInternals(gate).decide(requestFacts({ host: "shop.example" })).outcome !== "block";

  async function observe(): Promise<void> {
    const rows = await rowsOf(inner);
    for (const row of rows) {
      const last = seen.get(row.id);
      if (last?.seq !== row.seq) seen.set(row.id, { seq: row.seq, since: clock.monotonic() });
      const isOld = last?.seq === row.seq && clock.monotonic() - last.since >= OBSERVATION_MS;
      if (barrier === null || row.bound < barrier.epoch || !isOld || row.evicted !== null) continue;
      await members.evict(row.id, row.seq, barrier.id);
    }
    const own = gate.status().fleet?.row;
    const isEvicted = (await rowsOf(inner)).some(({ id, evicted }) => id === own && evicted !== null);
    // I3 and I4: the process of an evicted row lets nothing in.
    if (isEvicted) expect(isLetIn()).toBe(false);
    // I5: a row is proof of a closure only while visitors meet it.
    const claims = rows.some(({ id, attests }) => id === own && attests[0]?.outcome === "closed");
    if (claims && !state.isOpening && (await isClosed())) expect(isLetIn()).toBe(false);
    if (barrier !== null) {
      const result = await members.setBarrier(barrierText({ id: barrier.id }), barrier.seq);
      if (result.ok) barrier.seq = result.seq;
      else barrier = null;
    }
  }

  const isClosed = async (): Promise<boolean> => (await controller.state()).records.get("shop")?.mode === "closed";

  async function perform(command: Command): Promise<void> {
    if (command.does === "cut") state.isAway = true;
    else if (command.does === "heal") state.isAway = false;
    else if (command.does === "close") await controller.close("shop");
    else if (command.does === "open") {
      state.isOpening = true;
      await controller.open("shop");
    } else if (command.does === "arm" && barrier === null) {
      const id = `barrier-${++barriers}`;
      const result = await members.setBarrier(barrierText({ id, targets: [{ site: "shop" }] }), null);
      if (result.ok) barrier = { id, seq: result.seq, epoch: result.epoch };
    } else if (command.does === "disarm" && barrier !== null) {
      await members.removeBarrier(barrier.id, barrier.seq);
      barrier = null;
    } else if ("steps" in command) {
      for (let step = 0; step < command.steps; step += 1) {
        if (command.does === "pass") await clock.advance(STEP_MS);
        else clock.skip(STEP_MS);
        state.isOpening = false;
        await observe();
      }
    }
  }

  /** I7: a gate that reaches the store is bound by nothing once no barrier is on. */
  async function settle(): Promise<void> {
    for (const command of [{ does: "heal" }, { does: "disarm" }, { does: "pass", steps: 180 }] as const)
      await perform(command);
    expect(gateInternals(gate).snapshot.binding).toBeNull();
    expect(isLetIn()).toBe(!(await isClosed()));
    expect((await rowsOf(inner)).filter(({ evicted }) => evicted === null)).toMatchObject([{ bound: 0 }]);
    await Promise.all([gate.close(), clock.advance(3_000)]);
    // I12: a strict gate that has left lets nothing in.
    if (fleet === "strict") expect(isLetIn()).toBe(false);
  }

  return { perform, observe, settle };
}

test.each(["presence", "strict"] as const)("whatever happens, a %s gate keeps its word", async (fleet) => {
  await fc.assert(
    fc.asyncProperty(commands, async (given) => {
      const under = await setUp(fleet);
      for (const command of given) {
        await under.perform(command);
        await under.observe();
      }
      await under.settle();
    }),
    { numRuns: 40 },
  );
});
