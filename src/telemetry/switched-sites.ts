import type { Snapshot } from "../engine/snapshot.ts";
import { inForce } from "../gate-status.ts";
import { changedKeys } from "../rules/versioned-map.ts";
import type { SwitchedEvent } from "./gate-event.ts";

/** A snapshot and the time at which it came to hold, in epoch milliseconds. */
export interface Held {
  readonly snapshot: Snapshot;
  readonly at: number;
}

/** One event for each site whose mode in force differs. Before the first load (`null`) everything counts as open. */
export function switchedSites(before: Held | null, after: Held): readonly SwitchedEvent[] {
  const { snapshot, at } = after;
  const known: Snapshot["sites"] = before?.snapshot.sites ?? new Map();
  const ids =
    before === null || isSwitchedForAll(before.snapshot, snapshot)
      ? new Set([...snapshot.sites.keys(), ...known.keys()])
      : // Sites whose closure has ended are compiled anew: the same object means the same mode.
        changedKeys(known, snapshot.sites);
  const events: SwitchedEvent[] = [];
  for (const site of ids) {
    const from = before === null ? "open" : inForce(before.snapshot, site, before.at).mode;
    const { mode: to, until } = inForce(snapshot, site, at);
    if (from !== to) events.push({ type: "switched", site, from, to, until, version: snapshot.version, at });
  }
  return events;
}

/** What counts for every site is another. */
function isSwitchedForAll(before: Snapshot, after: Snapshot): boolean {
  return before.forAll.some((site, index) => site !== after.forAll[index]);
}
