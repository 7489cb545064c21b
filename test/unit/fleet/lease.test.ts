import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LEASE_MS, OBSERVATION_MS } from "../../../src/fleet/barrier.ts";
import { Lease } from "../../../src/fleet/lease.ts";
import type { Barrier } from "../../../src/stores/members.ts";
import { barrierOf } from "../../support/barriers.ts";

function setUp() {
  const time = { monotonic: 0, wall: 1_000_000, uptime: 500 };
  const clocks = (["monotonic", "wall", "uptime"] as const).map((name) => ({ name, read: () => time[name] }));
  const lease = new Lease(clocks, LEASE_MS);
  const pass = (ms: number): void => {
    for (const { name } of clocks) time[name] += ms;
  };
  const answer = (epoch: number, barriers: readonly Barrier[]) => ({ list: "list", epoch, barriers });
  /** A renewal whose answer arrives at once. */
  const renew = (epoch: number, barriers: readonly Barrier[]): void => {
    const sent = lease.now();
    lease.sending(sent, true);
    lease.answered(sent, answer(epoch, barriers));
  };
  return { lease, time, pass, answer, renew };
}

const shop = barrierOf({ id: "shop", targets: [{ site: "shop" }] });
const blog = barrierOf({ id: "blog", targets: [{ site: "blog" }] }, { epoch: 2 });
const sites = ({ lease }: ReturnType<typeof setUp>) => lease.fence()?.map(({ site }) => site) ?? null;

describe("a lease", () => {
  test("begins with the renewal after the answer that shows the barrier, and runs from its sending", () => {
    const under = setUp();
    under.renew(1, [shop]);
    expect(under.lease.bound).toBe(0);
    under.pass(60_000);
    expect(sites(under)).toBeNull();
    const sent = under.lease.now();
    under.lease.sending(sent, true);
    expect(under.lease.bound).toBe(1);
    under.pass(LEASE_MS - 1);
    expect(sites(under)).toBeNull();
    under.pass(1);
    expect(sites(under)).toEqual(["shop"]);
    // The answer is late, and the time counts from the sending.
    under.lease.answered(sent, under.answer(1, [shop]));
    expect(sites(under)).toEqual(["shop"]);
    under.renew(1, [shop]);
    expect(sites(under)).toBeNull();
  });

  test.each(["monotonic", "wall", "uptime"] as const)("ends by the clock that has moved furthest: %s", (name) => {
    const under = setUp();
    under.renew(1, [shop]);
    under.renew(1, [shop]);
    under.time[name] += LEASE_MS;
    if (name !== "wall") under.time.wall -= 3_600_000;
    expect(sites(under)).toEqual(["shop"]);
  });

  test("ends by an answer alone, and not by one of an earlier epoch", () => {
    const under = setUp();
    under.renew(2, [shop]);
    under.renew(2, [shop]);
    under.pass(LEASE_MS);
    under.lease.answered(under.lease.now(), under.answer(1, []));
    expect(under.lease.bound).toBe(2);
    expect(sites(under)).toEqual(["shop"]);
    under.lease.answered(under.lease.now(), under.answer(3, []));
    expect(under.lease.bound).toBe(0);
    expect(sites(under)).toBeNull();
  });

  test("of a second barrier is reported by the next renewal, and blocks the sites of both", () => {
    const under = setUp();
    under.renew(1, [shop]);
    under.renew(1, [shop]);
    under.renew(2, [shop, blog]);
    expect(under.lease).toMatchObject({ bound: 1, hasToBind: true });
    under.pass(LEASE_MS - 1);
    // Until this renewal is answered, the time counts from the one before.
    under.lease.sending(under.lease.now(), true);
    expect(under.lease).toMatchObject({ bound: 2, hasToBind: false });
    expect(sites(under)).toBeNull();
    under.pass(1);
    expect(sites(under)).toEqual(["shop", "blog"]);
  });

  test("of a row that is gone lets nothing in before the gate is listed again and has read the state", () => {
    const under = setUp();
    under.renew(1, [shop]);
    under.renew(1, [shop]);
    under.lease.lost();
    expect(sites(under)).toEqual(["shop"]);
    under.lease.joined(under.answer(2, []));
    expect(sites(under)).toEqual(["shop"]);
    under.lease.confirmed();
    expect(sites(under)).toBeNull();
    expect(under.lease.isOn).toBe(false);
  });

  test("does not bind a gate with an override", () => {
    const under = setUp();
    under.renew(1, [shop]);
    under.lease.sending(under.lease.now(), false);
    expect(under.lease.bound).toBe(0);
  });

  test("of a barrier that cannot be read blocks its sites as a whole", () => {
    const under = setUp();
    const later = { ...shop, text: "{}" };
    under.renew(1, [later]);
    under.renew(1, [later]);
    under.pass(LEASE_MS);
    expect(under.lease.fence()).toEqual([{ site: "shop", mode: "closed", scope: null }]);
  });
});

interface Sent {
  readonly at: ReturnType<Lease["now"]>;
  isWritten: boolean;
}

test("a gate admits last before it may be evicted, whatever is lost or late", () => {
  // Each step: how long it takes, whether a renewal is sent, whether it is written, and whether its answer arrives, after how long.
  const step = fc.record({
    pause: fc.integer({ min: 0, max: 12_000 }),
    isWritten: fc.boolean(),
    isAnswered: fc.boolean(),
    delay: fc.integer({ min: 0, max: 12_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const under = setUp();
      under.renew(1, [shop]);
      let unanswered: Sent | null = null;
      /** When the coordinator has last seen the row change, with the gate bound. */
      let changed: number | null = null;
      const check = (): void => {
        if (changed === null || under.time.monotonic - changed < OBSERVATION_MS) return;
        expect(under.lease.fence()).not.toBeNull();
      };
      for (const { pause, isWritten, isAnswered, delay } of steps) {
        under.pass(pause);
        check();
        const sent: Sent = unanswered ?? { at: under.lease.now(), isWritten: false };
        if (unanswered === null) under.lease.sending(sent.at, true);
        // What is sent again may have been written the first time: then the row does not change again.
        if (isWritten && !sent.isWritten) changed = under.time.monotonic;
        sent.isWritten ||= isWritten;
        under.pass(delay);
        check();
        unanswered = isWritten && isAnswered ? null : sent;
        if (unanswered === null) under.lease.answered(sent.at, under.answer(1, [shop]));
        check();
      }
    }),
    { numRuns: 2_000 },
  );
});
