import { activeMode } from "../schedule/active-mode.ts";
import { compareModes, type Mode } from "../state/mode.ts";
import type { CompiledSite } from "./compiled-site.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is in force for one request: the most severe mode among its site, the gate's groups and `*`. */
export interface Closure {
  readonly site: CompiledSite;
  readonly mode: Exclude<Mode, "open">;
  /** One of those in force is in lockdown. */
  readonly lockdown: boolean;
}

/**
 * Of equally severe closures the most particular speaks: the site before the groups before `*`. Where there is none: `open`, or
 * `out-of-scope` when something is closed, but not this path.
 */
export function strictestClosure(
  snapshot: Snapshot,
  site: CompiledSite | null,
  /** `null` when the path is unclear: it counts as inside every scope. */
  path: string | null,
  now: number,
): Closure | "open" | "out-of-scope" {
  let speaker: CompiledSite | null = null;
  let mode: Mode = "open";
  let lockdown = false;
  let outOfScope = false;
  const consider = (candidate: CompiledSite): void => {
    const active = activeMode(candidate, now);
    if (active === "open") return;
    if (!isInScope(candidate, path)) {
      outOfScope = true;
      return;
    }
    lockdown ||= candidate.record.lockdown;
    if (compareModes(active, mode) <= 0) return;
    speaker = candidate;
    mode = active;
  };
  if (site !== null) consider(site);
  for (const one of snapshot.forAll) consider(one);
  if (speaker !== null && mode !== "open") return { site: speaker, mode, lockdown };
  return outOfScope ? "out-of-scope" : "open";
}

function isInScope({ rules: { scope } }: CompiledSite, path: string | null): boolean {
  return scope === null || path === null || scope.covers(path);
}
