import type { Snapshot } from "./engine/snapshot.ts";
import { strictestClosure } from "./engine/strictest-closure.ts";
import type { ErrorCode, MaintenanceError } from "./errors.ts";
import type { FeedState, FeedStatus } from "./feed/feed.ts";
import type { Mode } from "./state/mode.ts";

/** What a gate holds and how it came by it. Plain data: a health route may answer with it as JSON. */
export interface GateStatus {
  /** `starting` also before anything was started. */
  readonly state: FeedState;
  readonly lineage: string;
  readonly version: number;
  /** When the store last answered, in epoch milliseconds; `null`: never. */
  readonly lastContact: number | null;
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string } | null;
  /** Sites whose record cannot be read, each with the reason: what was read of them before holds. */
  readonly unreadable: readonly ({ readonly site: string } & NonNullable<GateStatus["error"]>)[];
  /** The state was never loaded: `whenNeverLoaded` decides. */
  readonly neverLoaded: boolean;
  /** Where the override is set that beats the store, or `null`. */
  readonly override: string | null;
  /** Every known site with the mode in force, what `*` and the groups bring included. Found when first asked for. */
  readonly sites: readonly SiteStatus[];
}

export interface SiteStatus {
  readonly id: string;
  readonly mode: Mode;
}

export function gateStatus(snapshot: Snapshot, feed: FeedStatus | null, now: number): GateStatus {
  let sites: readonly SiteStatus[] | null = null;
  return {
    state: feed?.state ?? "starting",
    lineage: snapshot.lineage,
    version: snapshot.version,
    lastContact: feed?.lastContact ?? null,
    error: statusError(feed?.error ?? null),
    unreadable: [...(feed?.unreadable ?? [])].map(([site, error]) => ({ site, ...errorAsData(error) })),
    neverLoaded: snapshot.neverLoaded,
    override: snapshot.policy.override?.where ?? null,
    get sites() {
      // With 100,000 of them it is no trifle, and many only want to know how the store is.
      sites ??= [...snapshot.sites.keys()].map((id) => ({ id, mode: modeInForce(snapshot, id, now) }));
      return sites;
    },
  };
}

/** An error as data. */
export function statusError(error: MaintenanceError | null): GateStatus["error"] {
  return error === null ? null : errorAsData(error);
}

function errorAsData({ code, message, hint }: MaintenanceError): NonNullable<GateStatus["error"]> {
  return { code, message, hint };
}

/** The mode that a visitor of the site's front page meets; a site that nobody knows has that of `*`. */
export function modeInForce(snapshot: Snapshot, site: string, now: number): Mode {
  return inForce(snapshot, site, now).mode;
}

/** The same, with the end in epoch milliseconds where one is known. */
export function inForce(snapshot: Snapshot, site: string, now: number): { mode: Mode; until: number | null } {
  const { policy } = snapshot;
  if (policy.override !== null) return { mode: policy.override.mode, until: null };
  if (snapshot.neverLoaded) return { mode: policy.whenNeverLoaded, until: null };
  const closure = strictestClosure(snapshot, snapshot.sites.get(site) ?? null, "/", now);
  if (typeof closure === "string") return { mode: "open", until: null };
  return { mode: closure.mode, until: Number.isFinite(closure.site.until) ? closure.site.until : null };
}
