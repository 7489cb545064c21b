import type { Position, StateChange } from "../store.ts";
import type { LogTail } from "./log.ts";

/** The end of the log. */
export interface LogHead extends Position {
  /** Stamp of the newest change. */
  readonly stamp: string;
}

/**
 * The part of the log that one store has seen. Within one generation of a view a position identifies one content. A database that was
 * restored from a backup keeps its lineage, but may hold other changes under versions that were seen before. The stamps reveal this: the
 * view then continues under another lineage, so that callers which hold the lost changes reload.
 */
export interface LogView {
  /** The lineage that is returned to callers. */
  readonly lineage: string;
  /** The lineage in the storage. */
  readonly stored: string;
  /** The highest version seen in this generation. */
  readonly latest: number;
  /** Stamps by version, as far back as a caller may still ask from. */
  readonly stamps: ReadonlyMap<number, string>;
}

const MAX_STAMPS = 1_000;

/** Returns the view after the head was read. `before` is the view at the start of that read: later commits are no sign of a backup. */
export function seeing(view: LogView | null, before: LogView | null, head: LogHead): LogView {
  const { lineage, version, stamp } = head;
  if (view === null || view.stored !== lineage) return beginning(lineage, head);
  const known = view.stamps.get(version);
  const wentBack = before?.lineage === view.lineage && version < before.latest;
  // Derived, so that two stores over one database use the same lineage.
  if (wentBack || (known !== undefined && known !== stamp)) return beginning(`${lineage}+${version}-${stamp}`, head);
  return known === undefined ? { ...view, ...noted(view, [[version, stamp]]) } : view;
}

/** Returns the changes after `position`, which this view or another store returned; `null` if the caller has to reload. */
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

/** Returns the newest change that the view contains. */
export function latestOf(view: LogView | null): LogHead | null {
  const stamp = view?.stamps.get(view.latest);
  return view === null || stamp === undefined ? null : { lineage: view.stored, version: view.latest, stamp };
}

function beginning(lineage: string, head: LogHead): LogView {
  return { lineage, stored: head.lineage, latest: head.version, stamps: new Map([[head.version, head.stamp]]) };
}

function noted(view: LogView, seen: readonly (readonly [number, string])[]): Pick<LogView, "latest" | "stamps"> {
  if (seen.length === 0) return view;
  const stamps = new Map([...view.stamps, ...seen].slice(-MAX_STAMPS));
  return { latest: Math.max(view.latest, ...seen.map(([version]) => version)), stamps };
}
