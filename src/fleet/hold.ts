import { compileSite } from "../engine/snapshot/compiled-site.ts";
import { HeldRecords } from "../engine/snapshot/held-records.ts";
import type { State } from "../state/state.ts";
import type { Barrier } from "../stores/members.ts";
import type { BarrierTarget } from "./barrier.ts";
import { readBarrier } from "./barrier-fence.ts";

/** Returns the targets of the barriers that stay on after their proof. */
export function heldTargets(barriers: readonly Barrier[]): readonly BarrierTarget[] {
  return barriers.flatMap((barrier) => {
    const details = readBarrier(barrier);
    return details?.isHold === true ? details.targets : [];
  });
}

/** Returns the state in which the closures that these targets name do not end by the clock. */
export function withoutEnds(state: State, targets: readonly BarrierTarget[], ignoreCase: boolean): State {
  const { records } = state;
  if (!(records instanceof HeldRecords)) return state;
  const held = targets.flatMap(({ site, version }) => {
    const record = records.get(site);
    if (version === null || record === undefined || record.version < version || record.until === null) return [];
    return [[site, compileSite({ ...record, until: null }, ignoreCase)] as const];
  });
  return held.length === 0 ? state : { ...state, records: new HeldRecords(records.sites.with(held)) };
}

/** Whether `next` is an earlier version of the same state, which must not undo a closure that is held. */
export function isEarlier(next: State, held: State | null): boolean {
  return held !== null && next.lineage === held.lineage && next.version < held.version;
}
