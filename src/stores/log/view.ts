import type { Position, StateChange } from "../store.ts";
import type { LogTail } from "./log.ts";

/** Where the log ends. */
export interface LogHead extends Position {
  /** Of the newest change. */
  readonly stamp: string;
}

/**
 * What one store has seen of its log. Within one view's life a position stands for one content only. A database that was put
 * back from a backup has its old lineage, and may by now have other changes under versions that were seen before: that shows in
 * the stamps, and the view goes on under a lineage of its own, so that whoever holds the lost changes reads everything again.
 */
export interface LogView {
  /** The lineage that is given out. */
  readonly lineage: string;
  /** The lineage that the storage has. */
  readonly stored: string;
  /** The highest version seen in this life. */
  readonly latest: number;
  /** By version: what was seen in this life, as far back as anybody may still ask from. */
  readonly stamps: ReadonlyMap<number, string>;
}

const MAX_STAMPS = 1_000;

/** The view after the head was read. `before` is the view as it was when that reading began: later commits are no sign of a backup. */
export function seeing(view: LogView | null, before: LogView | null, head: LogHead): LogView {
  const { lineage, version, stamp } = head;
  if (view === null || view.stored !== lineage) return beginning(lineage, head);
  const known = view.stamps.get(version);
  const wentBack = before?.lineage === view.lineage && version < before.latest;
  // The same each time it is noticed, so that two stores over one database agree on it.
  if (wentBack || (known !== undefined && known !== stamp)) return beginning(`${lineage}+${version}-${stamp}`, head);
  return known === undefined ? { ...view, ...noted(view, [[version, stamp]]) } : view;
}

/** What happened after `position`, which was given out by this view or by another store; `null`: read everything again. */
export function following(
  view: LogView | null,
  { lineage, version }: Position,
  { stamp, entries }: LogTail,
): { readonly view: LogView | null; readonly changes: readonly StateChange[] } | null {
  if (lineage === "") return entries.length === 0 && stamp === null ? { view, changes: [] } : null;
  if (stamp === null || entries === "many") return null;
  if ((view?.stamps.get(version) ?? stamp) !== stamp) return null;
  if (!entries.every((entry, index) => entry.version === version + index + 1)) return null;
  const stamps: (readonly [number, string])[] = entries.map((entry) => [entry.version, entry.stamp]);
  return {
    view: view && { ...view, ...noted(view, stamps) },
    changes: entries.map(({ stamp: _stamp, ...change }) => ({ ...change, lineage })),
  };
}

function beginning(lineage: string, head: LogHead): LogView {
  return { lineage, stored: head.lineage, latest: head.version, stamps: new Map([[head.version, head.stamp]]) };
}

function noted(view: LogView, seen: readonly (readonly [number, string])[]): Pick<LogView, "latest" | "stamps"> {
  if (seen.length === 0) return view;
  const stamps = new Map([...view.stamps, ...seen].slice(-MAX_STAMPS));
  return { latest: Math.max(view.latest, ...seen.map(([version]) => version)), stamps };
}
