import { createSiteLookup, type SiteLookup } from "../rules/site-lookup.ts";
import { activeMode } from "../schedule/active-mode.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../state/site-record.ts";
import { EMPTY_STATE, type State } from "../state/state.ts";
import type { Position } from "../stores/store.ts";
import { type CompiledSite, compileSite } from "./compiled-site.ts";
import { type Allow, allowOpen } from "./decision.ts";
import type { Policy } from "./policy.ts";

/**
 * The state and the policy, compiled and immutable: the only thing that the request path reads. A change makes a new one,
 * which shares with the old what did not change.
 */
export interface Snapshot extends Position {
  /** Nothing anywhere is closed or could become so by itself: a request passes without another look. */
  readonly passAll: boolean;
  readonly policy: Policy;
  /** Every site that a record or the configuration knows, by id. */
  readonly sites: ReadonlyMap<string, CompiledSite>;
  readonly byHost: SiteLookup<CompiledSite>;
  /** `*`. */
  readonly all: CompiledSite;
  /** What a request gets whose own site is open; `null` when what counts for every request is not plainly open. */
  readonly open: Allow | null;
  /** What counts for every request: the groups that this gate names, then `*`. */
  readonly forAll: readonly CompiledSite[];
  /** Stands in for every record while the state was never loaded. */
  readonly neverLoaded: boolean;
}

export interface CompileOptions {
  readonly policy: Policy;
  /** Hosts by site id, from the configuration. */
  readonly configured: ReadonlyMap<string, readonly string[]>;
  readonly groups: readonly string[];
  /** Requests have to be looked at even while all is open: no timer keeps the snapshot fresh. */
  readonly lookAtEach: boolean;
}

/** Compiles `state`. Sites whose record is the very object that `previous` holds are taken over as they are. */
export function compileSnapshot(
  state: State,
  options: CompileOptions,
  now: number,
  previous: Snapshot | null = null,
): Snapshot {
  const { policy, configured } = options;
  const sites = new Map<string, CompiledSite>();
  const added: { hosts: readonly string[]; value: CompiledSite }[] = [];
  const removed: string[] = [];
  let anyClosed = false;

  const add = (record: SiteRecord): void => {
    const before = previous?.sites.get(record.id);
    const site =
      before !== undefined && isCurrent(before, record, now) ? before : compileSite(record, policy.ignoreCase, now);
    sites.set(record.id, site);
    anyClosed ||= activeMode(site, now) !== "open";
    if (site === before) return;
    if (before !== undefined) removed.push(...hostsOf(before.record, configured));
    added.push({ hosts: hostsOf(record, configured), value: site });
  };
  for (const record of state.records.values()) add(record);
  for (const id of [ALL_SITES, ...configured.keys(), ...options.groups]) {
    if (!sites.has(id)) add(keptOrOpen(id, previous));
  }
  for (const [id, gone] of previous?.sites ?? []) {
    if (!sites.has(id)) removed.push(...hostsOf(gone.record, configured));
  }

  const all = sites.get(ALL_SITES) ?? compileSite(openRecord(ALL_SITES), policy.ignoreCase, now);
  const forAll = [...options.groups.flatMap((id) => sites.get(id) ?? []), all];
  const overridden = policy.override?.mode;
  const openForAll = policy.override === null && forAll.every(({ mode }) => mode === "open");
  return {
    lineage: state.lineage,
    version: state.version,
    passAll: !options.lookAtEach && (overridden === "open" || (overridden === undefined && !anyClosed)),
    policy,
    sites,
    byHost: previous === null ? createSiteLookup(added) : previous.byHost.with({ removed, added }),
    all,
    open: openForAll ? allowOpen(state.version) : null,
    forAll,
    neverLoaded: false,
  };
}

/** What a gate holds that could not load the state yet, or ever: all open or all closed, as the policy says. */
export function neverLoadedSnapshot(options: CompileOptions): Snapshot {
  const snapshot = compileSnapshot(EMPTY_STATE, options, 0);
  return { ...snapshot, passAll: false, open: null, neverLoaded: true };
}

/** It is of this very record, and the closure in it, if any, has not ended since. */
function isCurrent(site: CompiledSite, stored: SiteRecord, now: number): boolean {
  return site.stored === stored && (site.mode === "open" || activeMode(site, now) !== "open");
}

/** A site without a record keeps its compiled form from snapshot to snapshot. */
function keptOrOpen(id: string, previous: Snapshot | null): SiteRecord {
  const record = previous?.sites.get(id)?.record;
  return record !== undefined && record.version === 0 ? record : openRecord(id);
}

function hostsOf(record: SiteRecord, configured: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...new Set([...(configured.get(record.id) ?? []), ...record.hosts])];
}
