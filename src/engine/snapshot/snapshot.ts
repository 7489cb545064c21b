import type { SiteLookup } from "../../rules/hosts/site-lookup.ts";
import { EMPTY_STATE } from "../../state/empty-state.ts";
import { ALL_SITES, openRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import type { Position } from "../../stores/store.ts";
import { type Allow, allowOpen } from "../decide/decision.ts";
import { type CompiledSite, compileSite } from "./compiled-site.ts";
import type { Policy } from "./policy.ts";
import { indexSites, type SiteIndex, updateIndex } from "./site-index.ts";

/**
 * The state and the policy, compiled and immutable: the only data that the request path reads. A change creates a new snapshot, which
 * shares unchanged parts with the old one.
 */
export interface Snapshot extends Position {
  /** No site is closed, and none can close without a new snapshot: requests pass without a decision. */
  readonly passAll: boolean;
  readonly policy: Policy;
  /** Input for compiling the next snapshot incrementally. */
  readonly index: SiteIndex;
  /** When a mode next changes automatically, in epoch milliseconds; `Infinity` if none does. */
  readonly nextEdge: number;
  /** Every site that a record or the configuration knows, by id. */
  readonly sites: ReadonlyMap<string, CompiledSite>;
  readonly byHost: SiteLookup<CompiledSite>;
  /** `*`. */
  readonly all: CompiledSite;
  /** The decision on a request whose own site is open; `null` if an override, a group or `*` is not open. */
  readonly open: Allow | null;
  /** The sites that apply to every request: the groups of this gate, then `*`. */
  readonly forAll: readonly CompiledSite[];
  /** The state was never loaded: `whenNeverLoaded` decides. */
  readonly neverLoaded: boolean;
}

export interface CompileOptions {
  readonly policy: Policy;
  /** Hosts by site id, from the configuration. */
  readonly configured: ReadonlyMap<string, readonly string[]>;
  readonly groups: readonly string[];
  /** Requests are decided even while everything is open, because no timer keeps the snapshot up to date. */
  readonly lookAtEach: boolean;
}

/** Compiles `state`. Reuses unchanged parts of `previous`, which must have the same options except the policy. */
export function compileSnapshot(
  state: State,
  options: CompileOptions,
  now: number,
  previous: Snapshot | null = null,
): Snapshot {
  const { policy } = options;
  const index =
    previous === null
      ? indexSites(state.records, { configured: knownSites(options), ignoreCase: policy.ignoreCase }, now)
      : updateIndex(previous.index, state.records, now);
  const { sites, byHost } = index;
  const all = sites.get(ALL_SITES) ?? compileSite(openRecord(ALL_SITES), policy.ignoreCase, now);
  const forAll = [...options.groups.flatMap((id) => sites.get(id) ?? []), all];
  const overridden = policy.override?.mode;
  const openForAll = policy.override === null && forAll.every(({ mode }) => mode === "open");
  return {
    lineage: state.lineage,
    version: state.version,
    passAll: !options.lookAtEach && (overridden === "open" || (overridden === undefined && index.notOpen === 0)),
    policy,
    index,
    nextEdge: index.nextEdge,
    sites,
    byHost,
    all,
    open: openForAll ? allowOpen(state.version) : null,
    forAll,
    neverLoaded: false,
  };
}

/** Returns the snapshot of a gate that has not loaded the state: everything open or everything closed, depending on the policy. */
export function neverLoadedSnapshot(options: CompileOptions): Snapshot {
  const snapshot = compileSnapshot(EMPTY_STATE, options, 0);
  return { ...snapshot, passAll: false, open: null, neverLoaded: true };
}

/** Returns the known sites with the hosts in the configuration; `*` and the groups have none. */
function knownSites({ configured, groups }: CompileOptions): ReadonlyMap<string, readonly string[]> {
  return new Map([...[ALL_SITES, ...groups].map((id) => [id, []] as const), ...configured]);
}
