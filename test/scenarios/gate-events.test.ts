import { describe, expect, test } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import type { GateEvent } from "../../src/telemetry/gate-event.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { BY, type GateUnderTest, gateUnderTest } from "../support/gate-under-test.ts";

const POLL = 2_500;
const NOON = Date.parse("2026-11-21T12:00:00Z");

interface Listened extends GateUnderTest {
  readonly events: GateEvent[];
  /** Returns the events since the last call, such as `shop: open > closed`. */
  switches(): readonly string[];
  /** Returns the states in the status events. */
  states(): readonly string[];
}

function listened(options: MaintenanceOptions = {}): Listened {
  const under = gateUnderTest({ sites: { shop: { hosts: ["shop.example"] }, blog: {} }, ...options });
  const events: GateEvent[] = [];
  under.gate.subscribe((event) => void events.push(event));
  const take = (): GateEvent[] => events.splice(0);
  return {
    ...under,
    events,
    switches: () =>
      take().flatMap((event) => (event.type === "switched" ? [`${event.site}: ${event.from} > ${event.to}`] : [])),
    states: () => take().flatMap((event) => (event.type === "status" ? [event.state] : [])),
  };
}

describe("a switch", () => {
  test("has its end, its version and the time", async () => {
    const { gate, controller, events } = listened();
    await gate.ready();
    events.length = 0;
    await controller.execute({ type: "close", sites: ["shop"], until: "2026-11-21T13:00:00Z" }, BY);
    await gate.refresh();
    expect(events).toEqual([
      { type: "changed", version: 1, at: NOON },
      {
        type: "switched",
        site: "shop",
        from: "open",
        to: "closed",
        only: [],
        until: NOON + 3_600_000,
        version: 1,
        at: NOON,
      },
    ]);
  });

  test("is emitted for every site that `*` or a group affects", async () => {
    const { gate, controller, switches } = listened({ groups: ["payments-db"] });
    await gate.ready();
    switches();
    await controller.execute({ type: "close", sites: ["*"], mode: "read-only" }, BY);
    await gate.refresh();
    expect(switches().toSorted()).toEqual([
      "*: open > read-only",
      "blog: open > read-only",
      "payments-db: open > read-only",
      "shop: open > read-only",
    ]);
    await controller.execute({ type: "close", sites: ["payments-db"] }, BY);
    await gate.refresh();
    expect(switches()).toHaveLength(4);
    await controller.execute({ type: "open", sites: ["*"] }, BY);
    await gate.refresh();
    expect(switches()).toEqual([]);
  });

  test("is not emitted if no mode changes, but the change is", async () => {
    const { gate, controller, events } = listened();
    await controller.execute({ type: "close" }, BY);
    await gate.ready();
    events.length = 0;
    await controller.execute({ type: "close", sites: ["shop"], message: "Back at nine" }, BY);
    await gate.refresh();
    expect(events).toEqual([{ type: "changed", version: 2, at: NOON }]);
  });

  test("is emitted automatically at an end", async () => {
    const { gate, controller, clock, switches } = listened();
    await controller.execute({ type: "close", sites: ["shop"], until: "2026-11-21T13:00:00Z" }, BY);
    await gate.ready();
    expect(switches()).toEqual(["shop: open > closed"]);
    await clock.advance(3_599_999);
    expect(switches()).toEqual([]);
    await clock.advance(1);
    expect(switches()).toEqual(["shop: closed > open"]);
  });

  test("is emitted for a site that is no longer known", async () => {
    const { gate, controller, switches } = listened();
    await controller.execute({ type: "add-site", site: "news", hosts: ["news.example"] }, BY);
    await controller.execute({ type: "close", sites: ["news"] }, BY);
    await gate.ready();
    switches();
    await controller.execute({ type: "remove-site", site: "news" }, BY);
    await gate.refresh();
    expect(switches()).toEqual(["news: closed > open"]);
  });

  test("is not emitted if no site is closed at the first load", async () => {
    const { gate, switches } = listened({ whenNeverLoaded: "closed" });
    await gate.ready();
    expect(switches()).toEqual([]);
  });
});

describe("setting the clock", () => {
  const CLOSED = { type: "close", sites: ["shop"], until: "2026-11-21T13:00:00Z" } as const;

  test("beyond the end of a closure opens the site at once, and emits the switch within a second", async () => {
    const clock = settableClock();
    const { gate, controller, switches, passes } = listened({ clock, pollInterval: 60_000 });
    await controller.execute(CLOSED, BY);
    await gate.ready();
    switches();
    clock.set(3_600_000);
    expect(passes({ host: "shop.example" })).toBe(true);
    await clock.advance(1_000);
    expect(switches()).toEqual(["shop: closed > open"]);
    expect(gateInternals(gate).snapshot.passAll).toBe(true);
  });

  test("back before the end of a closure closes the site again, and emits the switch", async () => {
    const clock = settableClock();
    const { gate, controller, switches, passes } = listened({ clock, pollInterval: 60_000 });
    await controller.execute(CLOSED, BY);
    await gate.ready();
    await clock.advance(3_600_000);
    expect(switches()).toEqual(["shop: open > closed", "shop: closed > open"]);
    clock.set(-1_800_000);
    await clock.advance(1_000);
    expect(switches()).toEqual(["shop: open > closed"]);
    expect(passes({ host: "shop.example" })).toBe(false);
    await clock.advance(1_799_000);
    expect(switches()).toEqual(["shop: closed > open"]);
  });

  test("without effect emits no event", async () => {
    const clock = settableClock();
    const { gate, events } = listened({ clock, pollInterval: 60_000 });
    await gate.ready();
    events.length = 0;
    clock.set(86_400_000);
    await clock.advance(1_000);
    clock.set(-2 * 86_400_000);
    await clock.advance(1_000);
    expect(events).toEqual([]);
  });

  test("a timer that fires before the end, such as the longest possible one, emits no event", async () => {
    const clock = settableClock();
    const { gate, controller, events } = listened({ clock, pollInterval: 60_000 });
    await controller.execute({ ...CLOSED, until: "2099-01-01T00:00:00Z" }, BY);
    await gate.ready();
    events.length = 0;
    clock.set(25 * 86_400_000);
    await clock.advance(120_000);
    expect(events).toEqual([]);
  });
});

test("an end that cannot be applied is reported, affects nothing else, and is tried again", async () => {
  const clock = settableClock();
  const { gate, controller, switches, log, passes } = listened({ clock, pollInterval: 60_000 });
  await controller.execute({ type: "close", sites: ["shop"], until: "2026-11-21T12:00:30Z" }, BY);
  await gate.ready();
  switches();
  await clock.advance(29_999);
  clock.failAt(2);
  await clock.advance(1);
  expect(log.join()).toContain("will be retried: no time");
  expect(switches()).toEqual([]);
  expect(passes({ host: "shop.example" })).toBe(true);
  await clock.advance(1_000);
  expect(switches()).toEqual(["shop: closed > open"]);
});

/** Creates a clock whose time can be set, as an administrator may do, while its timers continue unchanged. */
function settableClock(): FakeClock & { set(by: number): void; failAt(call: number): void } {
  const clock = createFakeClock(NOON);
  let offset = 0;
  let failsIn = 0;
  return {
    now() {
      if (failsIn > 0 && --failsIn === 0) throw new Error("no time");
      return clock.now() + offset;
    },
    setTimer: clock.setTimer,
    advance: clock.advance,
    get timers() {
      return clock.timers;
    },
    set(by) {
      offset += by;
    },
    failAt(call) {
      failsIn = call;
    },
  };
}

describe("the event status", () => {
  test("is emitted with the error when the store fails, and when it is back", async () => {
    const { gate, store, clock, events, states } = listened();
    await gate.ready();
    expect(states()).toEqual(["live"]);
    store.inject("fail");
    await clock.advance(POLL * 4);
    expect(events).toMatchObject([{ type: "status", state: "stale", error: { code: "ERR_STORE_UNAVAILABLE" } }]);
    states();
    store.recover();
    await clock.advance(POLL * 2);
    expect(states()).toEqual(["live"]);
  });

  test("is emitted once for polling, however often the watch fails", async () => {
    const { gate, store, clock, states } = listened();
    store.inject("fail", "watch");
    await gate.ready();
    await clock.advance(POLL * 5);
    expect(states()).toEqual(["polling"]);
    store.recover();
    await clock.advance(POLL * 2);
    expect(states()).toEqual(["live"]);
    store.dropWatches();
    await clock.advance(0);
    expect(states()).toEqual(["polling"]);
    await clock.advance(POLL * 2);
    expect(states()).toEqual(["live"]);
  });

  test("is not emitted when the gate is closed", async () => {
    const { gate, states } = listened();
    await gate.ready();
    states();
    await gate.close();
    expect(states()).toEqual([]);
  });
});

test("a listener that rejects is reported, and the others still get the event", async () => {
  const { gate, log, clock, events } = listened();
  gate.subscribe(async () => {
    throw new Error("of the application");
  });
  await gate.ready();
  await clock.advance(0);
  expect(log).toContain("A listener threw: of the application");
  expect(events.length).toBeGreaterThan(0);
});

test("a listener that has unsubscribed gets no event", async () => {
  const { gate } = gateUnderTest();
  const heard: GateEvent[] = [];
  gate.subscribe((event) => void heard.push(event))();
  await gate.ready();
  expect(heard).toEqual([]);
});
