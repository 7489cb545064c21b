import { after, type Closer, type Records, type State } from "./state.ts";
import type { World } from "./world.ts";

/** One transition out of a state. */
export interface Step {
  readonly label: string;
  readonly state: State;
  /** The promise that it breaks, or `null`. */
  readonly breaks: string | null;
}

export function step(label: string, state: State, changes: Partial<State>, breaks: string | null = null): Step {
  return { label, state: after(state, changes), breaks };
}

/** Returns the records after an accepted change of the switch. */
export function commit(
  { records }: State,
  { faults }: World,
  closedBy: Closer | null,
): { readonly records: Records; readonly earlier: Records | null } {
  const keepsEarlier =
    faults.has("stale first read") || faults.has("stale feed") || faults.has("stale list") || faults.has("failover");
  const { lineage, version } = records;
  return { records: { lineage, version: version + 1, closedBy }, earlier: keepsEarlier ? records : null };
}
