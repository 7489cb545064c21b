import { MaintenanceError } from "../../src/errors.ts";
import { parseBarrier } from "../../src/fleet/barrier.ts";
import type { BarrierText, MemberList } from "../../src/stores/members.ts";
import type { Store, StoreCallOptions } from "../../src/stores/store.ts";
import { type Deferred, deferred } from "../support/deferred.ts";
import type { Hold, Step } from "./messages.ts";

type Work<T> = () => Promise<T>;

/** The calls of one process to its store: each can be held until the parent says go, be delayed, or lose its answer. */
export class HeldCalls {
  readonly #reached: (id: number) => void;
  #holds: { readonly hold: Hold; seen: number }[] = [];
  readonly #waiting = new Map<number, () => void>();
  #back: Deferred<void> | null = null;
  #losesAnswer = false;

  /** `reached` is called at a hold. */
  constructor(reached: (id: number) => void) {
    this.#reached = reached;
  }

  /** Holds at these moments from now on. Who waits at an earlier one goes on. */
  hold(holds: readonly Hold[]): void {
    this.#holds = holds.map((hold) => ({ hold, seen: 0 }));
    for (const id of this.#waiting.keys()) this.go(id);
  }

  go(id: number): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }

  set(state: "reached" | "away" | "loses an answer"): void {
    this.#losesAnswer = state === "loses an answer";
    if (state === "away") this.#back ??= deferred();
    if (state !== "reached") return;
    this.#back?.resolve();
    this.#back = null;
  }

  async pass<T>(step: Step | null, options: StoreCallOptions | undefined, work: Work<T>): Promise<T> {
    await this.#at(step, "before");
    await this.#back?.promise;
    options?.signal?.throwIfAborted();
    const answer = await work();
    await this.#at(step, "after");
    await this.#back?.promise;
    if (this.#losesAnswer) {
      this.#losesAnswer = false;
      throw new MaintenanceError("ERR_STORE_UNAVAILABLE", "The answer was lost.");
    }
    return answer;
  }

  async #at(step: Step | null, when: Hold["when"]): Promise<void> {
    for (const it of this.#holds) {
      if (it.hold.step !== step || it.hold.when !== when) continue;
      it.seen += 1;
      if (it.seen !== it.hold.nth) continue;
      const { id } = it.hold;
      await new Promise<void>((resolve) => {
        this.#waiting.set(id, resolve);
        this.#reached(id);
      });
    }
  }
}

/** Returns the store with held calls, and with ages, which the store measures, that pass as fast as a scaled clock. */
export function heldStore(store: Store, calls: HeldCalls, speed: number): Store {
  if (store.members === undefined) throw new TypeError(`${store.name} keeps no list of processes.`);
  return {
    ...store,
    load: (options) => calls.pass("read", options, () => store.load(options)),
    changesSince: (position, options) => calls.pass("read", options, () => store.changesSince(position, options)),
    commit: (draft, options) =>
      calls.pass(draft.command === "barrier" ? "wake" : "close", options, () => store.commit(draft, options)),
    history: (query, options) => calls.pass(null, options, () => store.history(query, options)),
    members: heldList(store.members, calls, speed),
  };
}

function heldList(list: MemberList, calls: HeldCalls, speed: number): MemberList {
  return {
    ...list,
    join: (member, options) => calls.pass("join", options, () => list.join(member, options)),
    renew: (member, held, options) => calls.pass("renew", options, () => list.renew(member, held, options)),
    leave: (id, seq, options) => calls.pass(null, options, () => list.leave(id, seq, options)),
    evict: (id, seq, by, options) => calls.pass("evict", options, () => list.evict(id, seq, by, options)),
    setBarrier: (barrier, seen, options) =>
      calls.pass(stepOf(barrier, seen), options, () => list.setBarrier(barrier, seen, options)),
    removeBarrier: (id, seen, options) => calls.pass("end", options, () => list.removeBarrier(id, seen, options)),
    list: (options) =>
      calls.pass("list", options, async () => {
        const listing = await list.list(options);
        const rows = listing.rows.map((row) => ({ ...row, age: row.age === null ? null : row.age * speed }));
        return { ...listing, rows, age: listing.age * speed };
      }),
  };
}

function stepOf(barrier: BarrierText, seen: number | null): Step {
  if (seen === null) return "arm";
  const { phase } = parseBarrier({ ...barrier, seq: seen, epoch: 0 });
  if (phase === "proven") return "prove";
  return phase === "arming" ? "arm" : "closing";
}
