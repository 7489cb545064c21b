import type { ConfiguredSites } from "../../rules/hosts/configured-sites.ts";
import type { SiteLookup } from "../../rules/hosts/site-lookup.ts";
import { ALL_SITES, openRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import { EMPTY_STATE } from "../../state/state.ts";
import type { Position } from "../../stores/store.ts";
import { type Allow, allowOpen } from "../decide/decision.ts";
import type { Fence } from "../decide/fence.ts";
import { type CompiledSite, compileSite } from "./compiled-site.ts";
import { HeldRecords } from "./held-records.ts";
import type { KnownSites } from "./known-sites.ts";
import type { Policy } from "./policy.ts";
import { indexSites, type SiteIndex, updateIndex } from "./site-index.ts";
import { Sites } from "./sites.ts";

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
  readonly sites: KnownSites;
  readonly byHost: SiteLookup<CompiledSite>;
  /** `*`. */
  readonly all: CompiledSite;
  /** The decision on a request whose own site is open; `null` if an override, a group or `*` is not open. */
  readonly open: Allow | null;
  /** The sites that apply to every request: the groups of this gate, then `*`. */
  readonly forAll: readonly CompiledSite[];
  /** The state was never loaded: `whenNeverLoaded` decides. */
  readonly neverLoaded: boolean;
  /**
   * The barriers that are on; `null` if none is. Then each request is decided, and again when it enters the application: whether the
   * process may let it in can change at any time.
   */
  readonly binding: Binding | null;
  /** `null` if every site counts as the state says. */
  readonly fence: Fence | null;
}

/** The effect of barriers on requests. */
export interface Binding {
  /** A guard in front of the application does not ask for the users of these sites: they count as anonymous. `*` stands for all sites. */
  readonly anonymous: ReadonlySet<string>;
}

export interface CompileOptions {
  readonly policy: Policy;
  /** Hosts by site id, from the configuration. */
  readonly configured: ConfiguredSites;
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
  const { policy, configured, groups } = options;
  const { ignoreCase } = policy;
  const stored = sitesOf(state, ignoreCase);
  const index =
    previous === null
      ? indexSites(stored, { configured, groups, ignoreCase }, now)
      : updateIndex(previous.index, stored, now);
  const sites = index.known;
  const all = sites.get(ALL_SITES) ?? compileSite(openRecord(ALL_SITES), ignoreCase);
  const forAll = [...options.groups.flatMap((id) => sites.get(id) ?? []), all];
  const overridden = policy.override?.mode;
  const openForAll = policy.override === null && forAll.every(({ mode }) => mode === "open");
  return {
    lineage: state.lineage,
    version: state.version,
    passAll: !options.lookAtEach && (overridden === "open" || (overridden === undefined && sites.sites.notOpen === 0)),
    policy,
    index,
    nextEdge: index.nextEdge,
    sites,
    byHost: sites,
    all,
    open: openForAll ? allowOpen(state.version) : null,
    forAll,
    neverLoaded: false,
    binding: null,
    fence: null,
  };
}

/** Returns the snapshot of a gate that has not loaded the state: everything open or everything closed, depending on the policy. */
export function neverLoadedSnapshot(options: CompileOptions): Snapshot {
  const snapshot = compileSnapshot(EMPTY_STATE, options, 0);
  return { ...snapshot, passAll: false, open: null, neverLoaded: true };
}

/** The records of a gate are compiled when they are read from the store, in slices. */
function sitesOf({ records }: State, ignoreCase: boolean): Sites {
  return records instanceof HeldRecords ? records.sites : Sites.of(records.values(), ignoreCase);
}
