import { inForce } from "../engine/decide/in-force.ts";
import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import { changedKeys } from "../rules/versioned-map.ts";
import type { SwitchedEvent } from "./gate-event.ts";

/** A snapshot and the time at which it came to hold, in epoch milliseconds. */
export interface Held {
  readonly snapshot: Snapshot;
  readonly at: number;
}

/** One event for each site whose mode in force, or the part of the site that it affects, differs. Before the first load (`null`) everything counts as open. */
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
    const was = before === null ? null : inForce(before.snapshot, site, "anywhere", before.at);
    const { mode: to, until, only } = inForce(snapshot, site, "anywhere", at);
    const from = was?.mode ?? "open";
    if (from === to && (was?.only ?? []).join() === only.join()) continue;
    events.push({ type: "switched", site, from, to, only, until, version: snapshot.version, at });
  }
  return events;
}

/** Whether anything that `after` holds is not what `before` held. */
export function isChange(before: Held | null, { snapshot }: Held): boolean {
  const old = before?.snapshot;
  if (old === undefined || old.version !== snapshot.version || old.lineage !== snapshot.lineage) return true;
  return changedKeys(old.sites, snapshot.sites).length > 0;
}

/** What counts for every site is another. */
function isSwitchedForAll(before: Snapshot, after: Snapshot): boolean {
  return before.forAll.some((site, index) => site !== after.forAll[index]);
}
