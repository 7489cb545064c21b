import { describe, expect, test, vi } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { createFakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { cuttable, membersOf } from "../support/barriers.ts";
import { ends, SITES, told } from "../support/gate-with-list.ts";

function strictGate(store = memoryStore()) {
  const clock = createFakeClock();
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (text: string) => void errors.push(text) };
  const gate = createGate({ store, clock, logger, sites: SITES, fleet: "strict", random: () => 0.5 });
  ends.push(() => Promise.all([gate.close(), clock.advance(10_000)]));
  return { gate, clock, errors };
}

describe("a strict gate lets nothing in", () => {
  test("if the code for its row cannot be loaded", async () => {
    vi.doMock("../../src/fleet/presence.ts", () => {
      throw new Error("the release was removed");
    });
    ends.push(() => vi.doUnmock("../../src/fleet/presence.ts"));
    const { gate, errors } = strictGate();
    const status = await gate.ready();
    expect(status).toMatchObject({ neverLoaded: true, fleet: null });
    expect(errors).toEqual([expect.stringMatching(/^The gate could not start: /)]);
    expect(told(gate)).toMatch(/^block /);
    expect(gate.readiness()).toMatchObject({ ready: false, reason: "never-loaded" });
  });

  test("while its store cannot be reached, and opens once it can", async () => {
    const { store, state } = cuttable(memoryStore());
    state.isAway = true;
    const { gate, clock } = strictGate(store);
    gate.start();
    await vi.waitFor(() => expect(gate.status().fleet).not.toBeNull());
    await clock.advance(6_000);
    expect(told(gate)).toBe("block never-loaded");
    expect(gate.status()).toMatchObject({ neverLoaded: true, fleet: { level: "strict", row: null } });
    expect(gate.readiness()).toMatchObject({ ready: false, reason: "fenced" });
    state.isAway = false;
    await clock.advance(60_000);
    expect(told(gate)).toBe("allow open");
  });

  test("while the state can be read and the list cannot be written", async () => {
    const inner = memoryStore();
    const broken = () => Promise.reject(new Error("permission denied for table maintenance_members"));
    const { gate, clock } = strictGate({ ...inner, members: { ...membersOf(inner), join: broken, leave: broken } });
    gate.start();
    await vi.waitFor(() => expect(gate.status().neverLoaded).toBe(false));
    await clock.advance(60_000);
    expect(gate.status()).toMatchObject({ state: "live", neverLoaded: false });
    expect(told(gate)).toBe("block fenced");
  });
});

describe("a strict gate is refused", () => {
  test("over a store that keeps no list", () => {
    const { members: _, ...store } = memoryStore();
    expect(() => createGate({ store, fleet: "strict" })).toThrow(
      expect.objectContaining({
        code: "ERR_INVALID_OPTION",
        message: expect.stringMatching(
          /^fleet: 'strict' needs a list of processes, and memory of this process keeps none/,
        ),
      }),
    );
    expect(() => createGate({ store, fleet: "presence" })).not.toThrow();
  });

  test("where no timer runs, because nothing renews its row", () => {
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    ends.push(() => vi.unstubAllGlobals());
    expect(() => createGate({ store: memoryStore(), fleet: "strict" })).toThrow(/fleet: 'strict' needs timers/);
  });

  test("but a controller of the same configuration is not: it has no row", () => {
    const { members: _, ...store } = memoryStore();
    expect(() => createController({ store, fleet: "strict" }, { by: "test" })).not.toThrow();
  });
});
