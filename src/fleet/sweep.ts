import { type Clock, monotonic } from "../clock.ts";
import type { Barrier, MemberCallOptions, MemberList } from "../stores/members.ts";
import { SWEEP_MS, serializeBarrier } from "./barrier.ts";
import { readBarrier } from "./barrier-fence.ts";

type Call = <Value>(work: (options: MemberCallOptions) => Promise<Value>) => Promise<Value>;

/** Finds barriers whose coordinator has died, which would bind the gates for ever. */
export class Sweep {
  readonly #clock: Clock;
  /** Milliseconds without a renewal. Up to a fifth more, so that not all processes remove a barrier at once. */
  readonly #limit: number;
  readonly #seen = new Map<string, { readonly seq: number; readonly since: number }>();

  constructor(clock: Clock, random: () => number, factor: number) {
    this.#clock = clock;
    this.#limit = SWEEP_MS * factor * (1 + 0.2 * random());
  }

  /** Returns those of the barriers that have not changed for too long, by the clock of this process. */
  silent(barriers: readonly Barrier[]): readonly Barrier[] {
    const now = monotonic(this.#clock);
    for (const id of this.#seen.keys()) if (!barriers.some((one) => one.id === id)) this.#seen.delete(id);
    return barriers.filter(({ id, seq }) => {
      const seen = this.#seen.get(id);
      if (seen?.seq === seq) return now - seen.since >= this.#limit;
      this.#seen.set(id, { seq, since: now });
      return false;
    });
  }
}

/** Marks a hold whose holder has died as lost: it no longer binds, but operators see it. Removes any other barrier, and, if it is proven, first the rows that it has evicted: they no longer count. */
export async function sweepBarrier(members: MemberList, barrier: Barrier, call: Call): Promise<void> {
  const details = readBarrier(barrier);
  if (details?.phase === "proven") {
    for (const { id, seq, evicted } of (await call((options) => members.list(options))).rows) {
      if (evicted === barrier.id) await call((options) => members.leave(id, seq, options));
    }
  }
  if (details?.isHold === true && details.phase !== "arming") {
    const lost = { id: barrier.id, targets: barrier.targets, text: serializeBarrier({ ...details, phase: "lost" }) };
    await call((options) => members.setBarrier(lost, barrier.seq, options));
  } else await call((options) => members.removeBarrier(barrier.id, barrier.seq, options));
}
