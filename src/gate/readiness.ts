import type { Snapshot } from "../engine/snapshot/snapshot.ts";

/** Whether a process can take requests, for a readiness probe. Plain data. */
export interface Readiness {
  /** Does not depend on the mode of a site: on a closed site the process answers too. */
  readonly ready: boolean;
  /**
   * `never-loaded`: the gate has not read the state yet, so it may let requests into a closed site. `fenced`: the gate may no longer let
   * requests in, because it has not reached the list of processes in time.
   */
  readonly reason: "ready" | "never-loaded" | "fenced";
  /** Version of the state that the gate holds; 0 before the first load. */
  readonly version: number;
}

export function readinessOf({ neverLoaded, policy, version }: Snapshot, isFenced: boolean): Readiness {
  // An override decides instead of the state.
  const isLoaded = !neverLoaded || policy.override !== null;
  const reason = isFenced ? "fenced" : isLoaded ? "ready" : "never-loaded";
  return { ready: reason === "ready", reason, version };
}
