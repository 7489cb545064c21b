import { describe, expect, test } from "vitest";
import { MaintenanceError } from "../../../src/errors.ts";
import { parseMember } from "../../../src/fleet/member.ts";
import { createPresence, type GateReading, type Presence } from "../../../src/fleet/presence.ts";
import { NOTHING_UNDER_WAY, type ProcessIdentity } from "../../../src/fleet/row.ts";
import type { MemberList } from "../../../src/stores/members.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { barrierText } from "../../support/barriers.ts";

const me: ProcessIdentity = { pid: 7, started: "100", space: "boot pid:[1]", host: "web-3" };

function listOf(store = memoryStore()): MemberList {
  if (store.members === undefined) throw new Error("the memory store keeps a list");
  return store.members;
}

function setUp({ members = listOf(), dead = [] as readonly number[], random = 0.5 } = {}) {
  const clock = createFakeClock();
  const log: string[] = [];
  const reading: { -readonly [Key in keyof GateReading]: GateReading[Key] } = {
    state: "in",
    position: null,
    override: null,
    groups: ["payments-db"],
    underWay: NOTHING_UNDER_WAY,
  };
  let reads = 0;
  let ids = 0;
  const note = (text: string): void => void log.push(text);
  const presence: Presence = createPresence({
    members,
    name: "memory",
    level: "presence",
    label: "web-3",
    process: me,
    runtime: "node 24.0.0",
    library: "0.1.0",
    clock,
    logger: { debug() {}, info: note, warn: note, error: note },
    random: () => random,
    mintId: () => `row-${++ids}`,
    read: () => reading,
    refresh: async () => ++reads > 0,
    attest: ({ id: barrier }) => ({ barrier, outcome: "closed", underWay: reading.underWay, waysIn: {} }),
    onBarriers() {},
    uptime: null,
    isAlive: ({ pid }) => !dead.includes(pid),
  });
  const rows = async () => (await members.list()).rows.map(parseMember);
  return { presence, clock, log, reading, rows, members, reads: () => reads };
}

/** A list whose calls fail while `error` is set, before or after they have had an effect. */
function failingList(inner: MemberList) {
  const fault: { error: Error | null; after: boolean; hang: boolean } = { error: null, after: false, hang: false };
  async function through<Value>(work: () => Promise<Value>): Promise<Value> {
    if (fault.hang) return await new Promise<Value>(() => {});
    if (fault.error !== null && !fault.after) throw fault.error;
    const value = await work();
    if (fault.error !== null) throw fault.error;
    return value;
  }
  const members: MemberList = {
    ...inner,
    join: (...values) => through(() => inner.join(...values)),
    renew: (...values) => through(() => inner.renew(...values)),
    leave: (...values) => through(() => inner.leave(...values)),
  };
  return { members, fault };
}

describe("the row of a gate", () => {
  test("says which process it is, and is renewed every 30 seconds", async () => {
    const { presence, clock, rows } = setUp();
    presence.start();
    await clock.advance(0);
    const [row] = await rows();
    expect(row).toMatchObject({ id: "row-1", seq: 1, prior: null, process: me, label: "web-3", library: "0.1.0" });
    expect(row).toMatchObject({ runtime: "node 24.0.0", level: "presence", state: "in", bound: 0, renews: 30_000 });
    expect(row).toMatchObject({ position: null, groups: ["payments-db"], attests: [], clocks: ["monotonic", "wall"] });
    await clock.advance(29_999);
    expect((await rows())[0]?.seq).toBe(1);
    await clock.advance(1);
    expect((await rows())[0]?.seq).toBe(2);
    await clock.advance(60_000);
    expect((await rows())[0]?.seq).toBe(4);
  });

  test("is renewed within 250 ms of a new position, and at most once a second", async () => {
    const { presence, clock, rows, reading } = setUp({ random: 1 });
    presence.start();
    await clock.advance(5_000);
    reading.position = { lineage: "a", version: 1 };
    presence.moved();
    await clock.advance(250);
    expect((await rows())[0]).toMatchObject({ seq: 2, position: { lineage: "a", version: 1 } });
    for (let version = 2; version < 10; version += 1) {
      reading.position = { lineage: "a", version };
      presence.moved();
    }
    await clock.advance(999);
    expect((await rows())[0]?.seq).toBe(2);
    await clock.advance(1);
    expect((await rows())[0]).toMatchObject({ seq: 3, position: { lineage: "a", version: 9 } });
  });

  test("contains the longest pause of the process since the last renewal, and the offset of its clock", async () => {
    const { presence, clock, rows, members } = setUp();
    presence.start();
    await clock.advance(0);
    presence.paused(12.4);
    presence.paused(3);
    await clock.advance(30_000);
    const row = (await rows())[0];
    expect(row?.loopDelay).toBe(12);
    // The memory store has the clock of the system, and the gate a fake one.
    expect(Math.abs((row?.wallOffset ?? 0) - (Date.UTC(2026, 0, 1) - Date.now()))).toBeLessThan(60_000);
    await clock.advance(30_000);
    expect((await rows())[0]?.loopDelay).toBe(0);
    expect((await members.list()).rows).toHaveLength(1);
  });

  test("is renewed every five minutes where each call is charged for", async () => {
    const { presence, clock, rows } = setUp({ members: { ...listOf(), isSlow: true } });
    presence.start();
    await clock.advance(299_999);
    expect((await rows())[0]).toMatchObject({ seq: 1, renews: 300_000 });
    await clock.advance(1);
    expect((await rows())[0]?.seq).toBe(2);
  });

  test("leads to one more read of the state, which began after it was listed", async () => {
    const { presence, clock, reads } = setUp();
    presence.start();
    expect(reads()).toBe(0);
    await clock.advance(0);
    expect(reads()).toBe(1);
    await clock.advance(60_000);
    expect(reads()).toBe(1);
  });

  test("is removed when the gate is closed, also while it is being written", async () => {
    const { presence, clock, rows } = setUp();
    presence.start();
    await presence.close();
    await presence.close();
    expect(await rows()).toEqual([]);
    await clock.advance(120_000);
    expect(await rows()).toEqual([]);
    expect(clock.timers).toBe(0);
  });
});

describe("a gate that is closed while a barrier is on", () => {
  async function bound() {
    const under = setUp();
    under.presence.start();
    await under.members.setBarrier(barrierText(), null);
    await under.clock.advance(31_000);
    expect(await under.rows()).toMatchObject([{ bound: 1 }]);
    under.reading.underWay = { ...NOTHING_UNDER_WAY, requests: 1 };
    return under;
  }

  test("lets nothing in, and stays in the list until its requests have ended", async () => {
    const { presence, clock, rows, reading } = await bound();
    const closing = presence.close();
    expect(presence.fence()).toMatchObject([{ site: "*", mode: "closed" }]);
    await clock.advance(1_000);
    expect(await rows()).toMatchObject([{ state: "leaving", underWay: { requests: 1 } }]);
    reading.underWay = NOTHING_UNDER_WAY;
    await clock.advance(100);
    await closing;
    expect(await rows()).toEqual([]);
    expect(presence.isLatched).toBe(true);
  });

  test("leaves its row behind if they do not end within two seconds", async () => {
    const { presence, clock, rows } = await bound();
    const closing = presence.close();
    await clock.advance(2_000);
    await closing;
    expect(await rows()).toMatchObject([{ state: "leaving", underWay: { requests: 1 } }]);
  });
});

describe("a list that fails", () => {
  test("is tried again with growing pauses, and logged once until the failure changes", async () => {
    const { members, fault } = failingList(listOf());
    const { presence, clock, log, rows, reading } = setUp({ members });
    reading.position = { lineage: "a", version: 1 };
    fault.error = new Error("the disk is full");
    presence.start();
    await clock.advance(3_600_000);
    expect(presence.status()).toMatchObject({ list: null, row: null, error: { code: "ERR_STORE_UNAVAILABLE" } });
    expect(log).toEqual([
      expect.stringMatching(/^This process could not be written .* requests are not affected\. the disk is full/),
    ]);
    fault.error = new Error("permission denied");
    await clock.advance(60_000);
    expect(log).toHaveLength(2);
    fault.error = null;
    await clock.advance(30_000);
    expect(await rows()).toMatchObject([{ id: "row-1" }]);
    expect(presence.status()).toMatchObject({ row: "row-1", error: null });
    expect(log[2]).toBe("memory: this process is in the list of processes again.");
  });

  test("is no reason to warn before the first switch, whatever the words of the error", async () => {
    const { members, fault } = failingList(listOf());
    const { presence, clock, log } = setUp({ members });
    fault.error = new MaintenanceError("ERR_NO_STATE", "There is no folder.");
    presence.start();
    await clock.advance(60_000);
    expect(log).toEqual([]);
    expect(presence.status().error?.code).toBe("ERR_NO_STATE");
    fault.error = new Error("The table does not exist yet.");
    await clock.advance(60_000);
    expect(log).toHaveLength(1);
  });

  test("leaves one row if the answers were lost", async () => {
    const { members, fault } = failingList(listOf());
    const { presence, clock, rows, reading } = setUp({ members });
    fault.error = new Error("lost");
    fault.after = true;
    presence.start();
    await clock.advance(10_000);
    fault.error = null;
    await clock.advance(30_000);
    expect(await rows()).toHaveLength(1);
    fault.error = new Error("lost");
    reading.position = { lineage: "a", version: 5 };
    await clock.advance(60_000);
    fault.error = null;
    reading.position = { lineage: "a", version: 6 };
    await clock.advance(61_000);
    expect(await rows()).toMatchObject([{ id: "row-1", prior: null, position: { version: 6 } }]);
  });

  test("that does not answer is given up after ten seconds, and delays closing by two seconds at most", async () => {
    const { members, fault } = failingList(listOf());
    const { presence, clock } = setUp({ members });
    fault.hang = true;
    presence.start();
    await clock.advance(10_000);
    expect(presence.status().error?.message).toBe("memory did not answer within 10 s.");
    await clock.advance(10_000);
    let ended = false;
    const closing = presence.close().then(() => {
      ended = true;
    });
    await clock.advance(1_999);
    expect(ended).toBe(false);
    await clock.advance(1);
    await closing;
    expect(clock.timers).toBe(0);
  });
});

describe("a row that is gone", () => {
  test("is followed by one with a new id, which names it", async () => {
    const { presence, clock, rows, members, reads } = setUp();
    presence.start();
    await clock.advance(0);
    await members.leave("row-1", 1);
    await clock.advance(30_000);
    expect(await rows()).toMatchObject([{ id: "row-2", prior: "row-1" }]);
    expect(presence.status().row).toBe("row-2");
    expect(reads()).toBe(2);
  });

  test("stays where it is if it was evicted: the barrier needs it", async () => {
    const { presence, clock, rows, members } = setUp();
    presence.start();
    await clock.advance(0);
    await members.setBarrier(barrierText({ id: "barrier" }), null);
    expect(await members.evict("row-1", 1, "barrier")).toBe("ok");
    await clock.advance(30_000);
    const found = await rows();
    expect(found.map(({ id, evicted, prior }) => [id, evicted, prior])).toEqual([
      ["row-1", "barrier", null],
      ["row-2", null, "row-1"],
    ]);
    await members.removeBarrier("barrier", 1);
    await clock.advance(30_000);
    expect((await rows()).map(({ id }) => id)).toEqual(["row-2"]);
  });
});

describe("the rows of dead processes", () => {
  test("are removed by a gate of the same machine, and no others", async () => {
    const members = listOf();
    const first = setUp({ members });
    first.presence.start();
    await first.clock.advance(0);
    const text = (await members.list()).rows[0]?.text ?? "";
    const of = (process: ProcessIdentity): string => JSON.stringify({ ...JSON.parse(text), process });
    await members.join({ id: "dead", text: of({ ...me, pid: 8 }) });
    await members.join({ id: "elsewhere", text: of({ ...me, pid: 8, space: "another boot" }) });
    await members.join({ id: "unknown", text: of({ ...me, pid: 8, space: "" }) });
    await members.join({ id: "damaged", text: "{}" });
    await first.presence.close();
    const { presence, clock } = setUp({ members, dead: [8] });
    presence.start();
    await clock.advance(0);
    expect((await members.list()).rows.map(({ id }) => id).sort()).toEqual([
      "damaged",
      "elsewhere",
      "row-1",
      "unknown",
    ]);
  });
});
