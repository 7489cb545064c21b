import { normalizeOptions } from "../../src/config/normalize-options.ts";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { runBarrier } from "../../src/control/barrier/coordinator.ts";
import type { BarrierEnvironment } from "../../src/control/barrier/environment.ts";
import { requireMembers } from "../../src/control/barrier/environment.ts";
import type { BarrierPlan, BarrierRun } from "../../src/control/barrier/plan.ts";
import { normalizeWait, type WaitOptions } from "../../src/control/barrier/wait-options.ts";
import type { CloseCommand } from "../../src/control/command.ts";
import { controllerFor } from "../../src/control/controller.ts";
import type { Actor } from "../../src/state/actor.ts";
import { memberList } from "../../src/stores/members/list.ts";
import type { MemberList } from "../../src/stores/members.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import type { Store } from "../../src/stores/store.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { type FakeMemberStorage, fakeMemberStorage } from "./fake-member-storage.ts";
import { type SimulatedMember, type SimulatedMemberOptions, simulatedMember } from "./simulated-member.ts";

/** A store, simulated members and coordinators under one clock. */
export interface BarrierWorld {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly storage: FakeMemberStorage;
  /** Pids of processes that have died. */
  readonly dead: Set<number>;
  readonly controller: ReturnType<typeof controllerFor>;
  /** Starts members, and lets them join. */
  members(...names: readonly string[]): Promise<readonly SimulatedMember[]>;
  member(name: string, options?: Partial<SimulatedMemberOptions>): Promise<SimulatedMember>;
  /** Lets the list become old enough. */
  settle(): Promise<void>;
  begin(wait?: WaitOptions, plan?: BarrierStart): Promise<BarrierRun>;
  /** Advances the clock until the run has ended. */
  finish(run: Promise<BarrierRun>, limit?: number): Promise<BarrierRun>;
  /** Begins and finishes. */
  close(wait?: WaitOptions, plan?: BarrierStart): Promise<BarrierRun>;
}

export interface BarrierStart extends Partial<Pick<BarrierPlan, "isHold" | "proves" | "takesOver" | "label">> {
  readonly command?: Partial<CloseCommand>;
}

const BY: Actor = { kind: "cli", label: "ada" };

export interface BarrierWorldOptions extends MaintenanceOptions {
  /** Wraps the store, for faults. */
  readonly wrap?: (store: Store) => Store;
  /** The list does not exist yet. */
  readonly isSlow?: boolean;
}

export function barrierWorld({
  wrap = (it) => it,
  isSlow = false,
  ...options
}: BarrierWorldOptions = {}): BarrierWorld {
  const clock = createFakeClock();
  const storage = fakeMemberStorage(clock);
  const inner = memoryStore();
  const listed = oneByOne(memberList(storage, { name: inner.name, random: () => 0, call: (_signal, work) => work() }));
  const store = wrap({ ...inner, members: isSlow ? { ...listed, isSlow } : listed });
  const normal = normalizeOptions({
    sites: { shop: {}, blog: {} },
    groups: ["db"],
    clock,
    random: () => 0,
    ...options,
    store,
  });
  const controller = controllerFor(normal, BY);
  const dead = new Set<number>();
  let ids = 0;
  let pids = 100;
  const env: BarrierEnvironment = {
    store,
    options: normal,
    clock,
    monotonic: () => clock.now(),
    mintId: () => {
      ids += 1;
      return `barrier-${ids}`;
    },
    process: { pid: 1, started: "1", space: "here", host: "desk" },
    isAlive: async ({ pid }) => !dead.has(pid),
  };

  const world: BarrierWorld = {
    clock,
    store,
    storage,
    dead,
    controller,
    async member(name, own = {}) {
      pids += 1;
      const member = simulatedMember({ clock, store, name, pid: pids, groups: ["db"], ...own });
      void member.start();
      for (let step = 0; step < 100 && member.status === "joining"; step += 1) await clock.advance(100);
      return member;
    },
    async members(...names) {
      const started: SimulatedMember[] = [];
      for (const name of names) started.push(await world.member(name));
      return started;
    },
    settle: () => clock.advance(95_000),
    async begin(wait = {}, { command = {}, ...plan } = {}) {
      const members = requireMembers(store);
      const isHold = plan.isHold ?? false;
      const close = { type: "close", sites: ["shop"], ...command } as const;
      return await runBarrier(
        {
          label: "on",
          by: BY,
          isHold,
          proves: true,
          takesOver: false,
          wait: normalizeWait(wait, "the wait"),
          close: await controller.prepare(
            isHold ? { ...close, until: null, scope: `scope_${String(ids).padStart(2, "0")}` } : close,
            BY,
          ),
          restore: (change) => controller.prepareRestore(change, BY),
          ...plan,
        },
        members,
        env,
      );
    },
    async finish(run, limit = 400_000) {
      let done = false;
      const ended = run.finally(() => {
        done = true;
      });
      ended.catch(() => {});
      for (let passed = 0; !done; passed += 250) {
        if (passed > limit) throw new Error("The coordinator did not end.");
        await clock.advance(250);
      }
      return await ended;
    },
    close: (...given) => world.finish(world.begin(...given)),
  };
  return world;
}

/** Changes the barriers one after the other: the list pauses in real time after two writers have met. */
function oneByOne(list: MemberList): MemberList {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  return {
    ...list,
    setBarrier: (...given) => inTurn(() => list.setBarrier(...given)),
    removeBarrier: (...given) => inTurn(() => list.removeBarrier(...given)),
  };
}
