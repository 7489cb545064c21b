import { UNCLEAR } from "../../rules/hosts/site-lookup.ts";
import { activeMode } from "../../schedule/timetable.ts";
import { compareModes, type Mode } from "../../state/mode.ts";
import type { CompiledSite } from "../snapshot/compiled-site.ts";
import type { SiteIndex } from "../snapshot/site-index.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Fence, FenceTarget } from "./fence.ts";

/** The closure in force for one request: the most severe mode of its site, the gate's groups and `*`. */
export interface Closure {
  readonly site: CompiledSite;
  readonly mode: Exclude<Mode, "open">;
  /** Whether one of the closures in force is a lockdown. */
  readonly lockdown: boolean;
  /**
   * Nothing else that applies to the request is closed, so that exemptions created with rights on this site alone apply too. Never true
   * for an unclear host, which may be the host of another site.
   */
  readonly alone: boolean;
  /** The state does not say so: the process can no longer know whether the site is closed. */
  readonly fenced: boolean;
}

const NO_FENCE: Fence = [];

/**
 * Of equally severe closures the most specific counts: the site, then the groups, then `*`. If there is none, returns `open`, or
 * `out-of-scope` if something is closed, but not this path. A request with an unclear host is inside the scope of every site.
 */
export function strictestClosure(
  snapshot: Snapshot,
  site: CompiledSite | typeof UNCLEAR | null,
  /** `null` if the path is unclear: then it is inside every scope. */
  path: string | null,
  now: number,
): Closure | "open" | "out-of-scope" {
  let speaker: CompiledSite | null = null;
  let mode: Mode = "open";
  let lockdown = false;
  let outOfScope = false;
  let alone = site !== UNCLEAR;
  let fenced = false;
  const consider = (candidate: CompiledSite, isInside: boolean): void => {
    const active = activeMode(candidate, now);
    if (active === "open") return;
    if (!isInside && !isInScope(candidate, path)) {
      outOfScope = true;
      return;
    }
    alone &&= speaker === null || speaker === candidate;
    lockdown ||= candidate.lockdown;
    if (compareModes(active, mode) <= 0) return;
    speaker = candidate;
    mode = active;
  };
  if (site !== null && site !== UNCLEAR) consider(site, false);
  for (const one of snapshot.forAll) consider(one, false);
  if (site === UNCLEAR) for (const one of severestSites(snapshot.index, now)) consider(one, true);
  for (const target of snapshot.fence ?? NO_FENCE) {
    if (compareModes(target.mode, mode) <= 0 || !isFenced(target, snapshot, site, path)) continue;
    speaker = snapshot.sites.get(target.site) ?? snapshot.all;
    mode = target.mode;
    fenced = true;
  }
  if (speaker !== null && mode !== "open") return { site: speaker, mode, lockdown, alone, fenced };
  return outOfScope ? "out-of-scope" : "open";
}

function isInScope({ rules: { scope } }: CompiledSite, path: string | null): boolean {
  return scope === null || path === null || scope.covers(path);
}

function isFenced(
  { site: id, scope }: FenceTarget,
  { forAll }: Snapshot,
  site: CompiledSite | typeof UNCLEAR | null,
  path: string | null,
): boolean {
  if (scope !== null && path !== null && !scope.covers(path)) return false;
  return site === UNCLEAR || site?.id === id || forAll.some((one) => one.id === id);
}

interface Severest {
  /** Every site that has hosts and is not open, the most severe first. */
  readonly sites: readonly CompiledSite[];
  /** Those of them that are in lockdown. */
  readonly locked: readonly CompiledSite[];
}

/** Computed when first needed for an unclear host, and once per state: there may be 100,000 closed sites. */
const severest = new WeakMap<SiteIndex, Severest>();

/** Returns the site with the most severe mode at `now`, and one in lockdown, if there are any. */
function severestSites(index: SiteIndex, now: number): readonly CompiledSite[] {
  let found = severest.get(index);
  if (found === undefined) {
    const { known } = index;
    const sites: CompiledSite[] = [];
    for (const site of known.sites.byId.values()) {
      if (site.mode !== "open" && known.hostsOf(site).length > 0) sites.push(site);
    }
    sites.sort((a, b) => compareModes(b.mode, a.mode));
    found = { sites, locked: sites.filter(({ lockdown }) => lockdown) };
    severest.set(index, found);
  }
  const isActive = (site: CompiledSite): boolean => activeMode(site, now) !== "open";
  return [found.sites.find(isActive), found.locked.find(isActive)].filter((site) => site !== undefined);
}
