import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { BarrierRun } from "../../../../src/control/barrier/plan.ts";
import { MaintenanceError } from "../../../../src/errors.ts";
import { loadLinearRegExp } from "../../../../src/rules/linear-regexp.ts";
import type { Store } from "../../../../src/stores/store.ts";
import { type BarrierWorld, barrierWorld } from "../../../support/barrier-world.ts";
import { type SimulatedMember, type SimulatedWork, simulatedMember } from "../../../support/simulated-member.ts";

/** A random number generator (mulberry32): a scenario is one number. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SITES = ["shop", "blog", "db"] as const;
const STEP_MS = 250;
const ROUNDS = 700;
/** Clocks run within 13 % of each other. */
const MIN_RATE = 0.94;
const MAX_RATE = 1.06;

interface Faults {
  rejections: boolean;
}

/** The store of a scenario: commits and calls of the list reject before or after their write. */
function faulty(store: Store, faults: Faults, random: () => number): Store {
  return {
    ...store,
    async commit(draft, options) {
      const chance = faults.rejections ? random() : 1;
      if (chance < 0.15) throw new MaintenanceError("ERR_STORE_UNAVAILABLE", "The commit was not written.");
      const result = await store.commit(draft, options);
      if (chance < 0.3) throw new MaintenanceError("ERR_STORE_UNAVAILABLE", "The answer was lost.");
      return result;
    },
  };
}

interface Scenario {
  readonly world: BarrierWorld;
  readonly members: SimulatedMember[];
  readonly violations: string[];
  run(): Promise<readonly BarrierRun[]>;
}

interface Coordination {
  readonly site: (typeof SITES)[number];
  readonly run: Promise<BarrierRun | null>;
}

function scenario(seed: number): Scenario {
  const random = generator(seed);
  const chance = (probability: number): boolean => random() < probability;
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const faults: Faults = { rejections: false };
  const world = barrierWorld({
    wrap: (store) => {
      const { load } = store;
      const noted: typeof load = (options) => {
        for (const site of options?.sites ?? []) looked.set(site, foreign);
        return load(options);
      };
      const { members: list } = store;
      if (list === undefined) throw new Error("The store has no list.");
      const evict: typeof list.evict = (id, ...rest) => {
        mayBeEvicted.add(id.replace(/-\d+$/, ""));
        return list.evict(id, ...rest);
      };
      return { ...faulty(store, faults, random), load: noted, members: { ...list, evict } };
    },
  });
  const members: SimulatedMember[] = [];
  const violations: string[] = [];
  const pidOf = new Map<SimulatedMember, number>();
  const evictedIds = new Set<string>();
  const ended: BarrierRun[] = [];
  /** Sites that a coordinator has proved, with the number of changes that others had made then. */
  const promised = new Map<string, number>();
  const slow = new Set<SimulatedWork>();
  /** The number of foreign changes at the last look of a coordinator: a later one may open the site. */
  const looked = new Map<string, number>();
  const mayBeEvicted = new Set<string>();
  let isListing = false;
  let foreign = 0;
  let calmUntil = 0;
  let started = 0;

  const now = (): number => world.clock.now();

  function start(): void {
    started += 1;
    const pid = 200 + started;
    const rate = MIN_RATE + random() * (MAX_RATE - MIN_RATE);
    const poll = 500 + random() * 2_000;
    const { clock, store } = world;
    const member = simulatedMember({ clock, store, name: `m${started}`, pid, rate, random, poll, groups: ["db"] });
    void member.start();
    pidOf.set(member, pid);
    members.push(member);
  }

  function admit(member: SimulatedMember): void {
    const site = pick(SITES);
    if (site === undefined) return;
    const admitted = member.admit(site, chance(0.2) ? "writes" : "requests");
    if (admitted === null) return;
    if (chance(0.03)) slow.add(admitted);
    if (promised.get(site) === foreign) violations.push(`I1: ${member.name} admitted to ${site} under a promise`);
    if (evictedIds.has(member.id)) violations.push(`I4: the evicted ${member.id} admitted`);
  }

  function finish(member: SimulatedMember): void {
    const work: SimulatedWork | undefined = pick([...member.work]);
    if (work === undefined || member.status === "frozen" || (slow.has(work) && !chance(0.02))) return;
    member.finish(work);
  }

  function disturb(): void {
    const member = pick(members);
    if (member === undefined) return;
    const mayDisturb = now() > calmUntil;
    if (chance(0.03) && mayDisturb) member.freeze();
    if (chance(0.1)) member.thaw();
    if (chance(0.02) && mayDisturb) member.cut = true;
    if (chance(0.15)) member.cut = false;
    if (chance(0.004) && members.length > 1) {
      member.kill();
      if (chance(0.7)) world.dead.add(pidOf.get(member) ?? 0);
    }
    if (chance(0.01)) void member.leave();
    if (chance(0.006) && started < 8) start();
    if (chance(0.01)) faults.rejections = !faults.rejections;
    if (chance(0.006)) void change("open");
    if (chance(0.003)) void change("close");
    if (chance(0.001)) wipe();
  }

  async function change(type: "open" | "close"): Promise<void> {
    const site = pick(SITES);
    if (site === undefined) return;
    foreign += 1;
    await world.controller.execute({ type, sites: [site] }, "bob").catch(() => {});
    foreign += 1;
  }

  /** The premise of a wipe: every process reaches the store while the new list is young. */
  function wipe(): void {
    foreign += 1;
    world.storage.wipe();
    for (const member of members) {
      member.thaw();
      member.cut = false;
    }
    calmUntil = now() + 95_000;
  }

  function begin(): Coordination {
    const site = pick(SITES) ?? "shop";
    const isHold = chance(0.2);
    const before = foreign;
    const options = { timeout: `${20 + Math.floor(random() * 120)}s`, queue: chance(0.5) };
    const run = world.begin(options, { isHold, command: { sites: [site] } }).then(
      (done) => {
        ended.push(done);
        check(done, site, before);
        return done;
      },
      (error: unknown) => {
        if (error instanceof MaintenanceError) return null;
        throw error;
      },
    );
    return { site, run };
  }

  function check({ result }: BarrierRun, site: string, before: number): void {
    // A hold that ends with 5 is restored, and promises nothing.
    if (result.restored) promised.delete(site);
    else if (result.exit === 0 || result.exit === 5) {
      promised.set(site, looked.get(site) ?? -1);
      if (!result.processes.some(({ standing }) => standing === "closed")) violations.push("C6: no process has closed");
    }
    if (result.restored || (result.exit !== 0 && result.exit !== 5)) return;
    // By label: it may be joining again, with another id.
    const silent = new Set(result.processes.filter(({ standing }) => standing === "evicted").map(({ label }) => label));
    if (result.exit === 0 && silent.size > 0) violations.push("I2: 0 with a process that fell silent");
    // An opening that the last look could not see yet voids what was proved.
    if (foreign !== before) return;
    for (const member of members) {
      // A process that another barrier has evicted is not on the list until it has joined again.
      if (member.status === "dead" || silent.has(member.name) || mayBeEvicted.has(member.name)) continue;
      if ([...member.work].some((work) => work.site === site && work.kind !== "exempted")) {
        violations.push(`I2: ${member.name} (${member.status}) still works for ${site} at ${result.exit}`);
      }
    }
  }

  async function watchList(): Promise<void> {
    // One at a time: an older listing must not come after a newer one.
    if (isListing) return;
    isListing = true;
    const listing = await world.store.members?.list().catch(() => null);
    isListing = false;
    for (const row of listing?.rows ?? []) {
      if (row.evicted === null && evictedIds.has(row.id)) violations.push(`I3: the evicted ${row.id} was renewed`);
      if (row.evicted !== null) evictedIds.add(row.id);
    }
    const targets = (listing?.barriers ?? []).flatMap((barrier) => barrier.targets);
    if (new Set(targets).size !== targets.length) violations.push("I8: two barriers on one target");
  }

  return {
    world,
    members,
    violations,
    async run() {
      for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) start();
      if (chance(0.8)) await world.settle();
      world.storage.delay = () => (chance(0.01) ? random() * 25_000 : chance(0.1) ? random() * 1_500 : random() * 40);
      world.storage.fault = () => (faults.rejections ? (chance(0.1) ? "fail" : chance(0.1) ? "lose" : "none") : "none");
      const coordinations: Coordination[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        if (chance(0.015) && coordinations.length < 4) coordinations.push(begin());
        for (const member of members) {
          if (chance(0.4)) admit(member);
          if (chance(0.6)) finish(member);
        }
        disturb();
        if (chance(0.2)) void watchList();
        await world.clock.advance(STEP_MS);
      }
      faults.rejections = false;
      world.storage.delay = () => 0;
      for (const member of members) {
        member.cut = false;
        member.thaw();
      }
      let left = coordinations.length;
      for (const { run } of coordinations) void run.finally(() => (left -= 1));
      for (let passed = 0; left > 0; passed += STEP_MS) {
        if (passed > 300_000) {
          violations.push("I7: a coordinator did not end");
          break;
        }
        for (const member of members) for (const work of member.work) member.finish(work);
        await world.clock.advance(STEP_MS);
      }
      return ended;
    },
  };
}

// Loaded on first use, in real time: a scenario has to be the same each time.
beforeAll(loadLinearRegExp);

describe("the invariants of the barrier", () => {
  it("hold for simulated members, coordinators and faults in any order", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { world, members, violations, run } = scenario(seed);
        await run();
        expect(violations).toEqual([]);
        // I7: without a barrier, no process stays bound.
        const holds = (await world.store.members?.list())?.barriers ?? [];
        await world.clock.advance(100_000);
        const remaining = (await world.store.members?.list())?.barriers ?? [];
        expect(remaining.length).toBeLessThanOrEqual(holds.length);
        if (remaining.length === 0) {
          expect(members.filter(({ isBound, status }) => isBound && status === "in").map(({ name }) => name)).toEqual(
            [],
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});
