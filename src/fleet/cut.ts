import { type Clock, monotonic } from "../clock.ts";
import type { Barrier } from "../stores/members.ts";
import type { BarrierTarget } from "./barrier.ts";
import { readBarrier } from "./barrier-fence.ts";
import type { CutKinds } from "./under-way.ts";

/** Ends the work that barriers do not wait for, once the gate has closed their targets. */
export class Cut {
  readonly #clock: Clock;
  /** By the id of a barrier: when the gate has first attested that its targets are closed. */
  readonly #closedSince = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Called with each attest that the targets are closed. `cut` closes the connections of the kinds that the barrier names. */
  closed(barrier: Barrier, cut: (targets: readonly BarrierTarget[], kinds: CutKinds) => void): void {
    const details = readBarrier(barrier);
    if (details === null || details.phase === "arming") return;
    const now = monotonic(this.#clock);
    const since = this.#closedSince.get(barrier.id) ?? now;
    this.#closedSince.set(barrier.id, since);
    const kinds = {
      streams: details.streams === "destroy",
      sockets: details.sockets === "destroy",
      all: details.cutAfter !== undefined && now - since >= details.cutAfter,
    };
    if (kinds.streams || kinds.sockets || kinds.all) cut(details.targets, kinds);
  }

  /** Forgets the barriers that are no longer on. */
  keep(barriers: readonly Barrier[]): void {
    for (const id of this.#closedSince.keys()) if (!barriers.some((one) => one.id === id)) this.#closedSince.delete(id);
  }
}
