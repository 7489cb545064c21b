import { inForce } from "./engine/decide/in-force.ts";
import type { Snapshot } from "./engine/snapshot/snapshot.ts";
import { type ErrorCode, MaintenanceError } from "./errors.ts";
import type { FeedState, FeedStatus } from "./feed/feed.ts";
import type { PresenceStatus } from "./fleet/presence.ts";
import type { FleetLevel } from "./fleet/row.ts";
import type { Mode } from "./state/mode.ts";

/** The state of a gate and its source. Plain data: a health route can answer with it as JSON. */
export interface GateStatus {
  /** `starting` also before `start()`. */
  readonly state: FeedState;
  /** Lineage of the state that the gate holds; empty before the first load. */
  readonly lineage: string;
  /** Version of the state that the gate holds; 0 before the first load. */
  readonly version: number;
  /** When the store last answered, in epoch milliseconds; `null` if never. */
  readonly lastContact: number | null;
  /** The reason if it is stale, or if some records cannot be read. */
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string } | null;
  /** Sites whose record cannot be read, each with the reason: the last readable version applies, and a site without one is closed. */
  readonly unreadable: readonly ({ readonly site: string } & NonNullable<GateStatus["error"]>)[];
  /** The state was never loaded: `whenNeverLoaded` decides. */
  readonly neverLoaded: boolean;
  /** When a client last used up its guesses of bypass links in this process, in epoch milliseconds; `null` if none has. */
  readonly guessLimitReached: number | null;
  /** Where the override is set, or `null`. */
  readonly override: string | null;
  /** The row of this gate in the list of processes; `null` if the store keeps no list, or with the option `fleet: false`. */
  readonly fleet: FleetStatus | null;
  /** Every known site with the mode in force, including the effect of `*` and the groups. Computed when first read. */
  readonly sites: readonly SiteStatus[];
}

/** The row of a gate in the list of processes. */
export interface FleetStatus {
  readonly level: FleetLevel;
  /** Id of the list; `null` while the gate is not in it. */
  readonly list: string | null;
  /** Id of the row; `null` while the gate is not in the list. */
  readonly row: string | null;
  /** Why the row could not be written or renewed; `null` if the last attempt succeeded. Requests are not affected. */
  readonly error: GateStatus["error"];
}

/** The mode of a site. */
export interface SiteStatus {
  readonly id: string;
  /** The strictest mode in force anywhere on the site. */
  readonly mode: Mode;
  /** Only these paths are affected; empty for the whole site. */
  readonly only: readonly string[];
}

export function gateStatus(
  snapshot: Snapshot,
  feed: FeedStatus | null,
  presence: PresenceStatus | null,
  guessLimitReached: number | null,
  now: number,
): GateStatus {
  let sites: readonly SiteStatus[] | null = null;
  return {
    state: feed?.state ?? "starting",
    lineage: snapshot.lineage,
    version: snapshot.version,
    lastContact: feed?.lastContact ?? null,
    error: statusError(feed?.error ?? unreadableError(feed)),
    unreadable: [...(feed?.unreadable ?? [])].map(([site, error]) => ({ site, ...errorAsData(error) })),
    neverLoaded: snapshot.neverLoaded,
    guessLimitReached,
    fleet: presence === null ? null : { ...presence, error: statusError(presence.error) },
    override: snapshot.policy.override?.where ?? null,
    get sites() {
      // Computed on first access: expensive with 100,000 sites, and many callers only need the state of the store.
      sites ??= [...snapshot.sites.keys()].map((id) => siteStatus(snapshot, id, now));
      return sites;
    },
  };
}

function siteStatus(snapshot: Snapshot, id: string, now: number): SiteStatus {
  const { mode, only } = inForce(snapshot, id, "anywhere", now);
  return { id, mode, only };
}

function unreadableError(feed: FeedStatus | null): MaintenanceError | null {
  const found = [...(feed?.unreadable ?? [])];
  const first = found[0];
  if (first === undefined) return null;
  const [site, error] = first;
  const count = found.length === 1 ? "A record cannot be read" : `${found.length} records cannot be read`;
  const message = `${count}, the first of them that of '${site}': ${error.message}`;
  return new MaintenanceError(error.code, message, { hint: error.hint });
}

/** Returns an error as plain data. */
export function statusError(error: MaintenanceError | null): GateStatus["error"] {
  return error === null ? null : errorAsData(error);
}

function errorAsData({ code, message, hint }: MaintenanceError): NonNullable<GateStatus["error"]> {
  return { code, message, hint };
}
