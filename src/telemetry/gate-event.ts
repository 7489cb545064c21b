import type { FeedState } from "../feed/feed.ts";
import type { GateStatus } from "../gate-status.ts";
import type { Mode } from "../state/mode.ts";

/** An event of a gate. Plain data, with times in epoch milliseconds. */
export type GateEvent = ChangedEvent | SwitchedEvent | StatusEvent;

/** The gate has applied a change of any kind, including notices and exemptions, or a closure has reached its end. */
export interface ChangedEvent {
  readonly type: "changed";
  /** Version of the whole state. */
  readonly version: number;
  readonly at: number;
}

/**
 * The mode for visitors of a site, or the affected part of the site, has changed: by its own switch, by `*`, by a group, or at the end of
 * a closure. It is the mode that `gate.mode(site)` returns: a closure of some paths switches a site too.
 */
export interface SwitchedEvent {
  readonly type: "switched";
  readonly site: string;
  readonly from: Mode;
  readonly to: Mode;
  /** Only these paths are affected; empty for the whole site. */
  readonly only: readonly string[];
  /** When the site opens automatically, or `null`. */
  readonly until: number | null;
  readonly version: number;
  readonly at: number;
}

/** The state of the gate's connection to its store has changed. */
export interface StatusEvent {
  readonly type: "status";
  readonly state: Exclude<FeedState, "starting" | "closed">;
  /** The reason if it is stale, else `null`. */
  readonly error: GateStatus["error"];
  readonly at: number;
}
