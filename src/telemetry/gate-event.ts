import type { FeedState } from "../feed/feed.ts";
import type { GateStatus } from "../gate-status.ts";
import type { Mode } from "../state/mode.ts";

/** An event of a gate. Plain data, with times in epoch milliseconds. */
export type GateEvent = ChangedEvent | SwitchedEvent | StatusEvent;

/** The gate has applied a change of whatever kind, a notice or an exemption included, or an end that is known has come. */
export interface ChangedEvent {
  readonly type: "changed";
  /** Of the state as a whole. */
  readonly version: number;
  readonly at: number;
}

/**
 * The mode that visitors of a site meet, or the part of the site that is affected, has changed: by its own switch, by `*`, by a group, or
 * because an end has come. It is the mode of `gate.mode(site)`: a closure of some paths switches a site too.
 */
export interface SwitchedEvent {
  readonly type: "switched";
  readonly site: string;
  readonly from: Mode;
  readonly to: Mode;
  /** Only these paths are affected; empty: the whole site. */
  readonly only: readonly string[];
  /** When it opens automatically, or `null`. */
  readonly until: number | null;
  readonly version: number;
  readonly at: number;
}

/** The gate follows its store in another way than before. */
export interface StatusEvent {
  readonly type: "status";
  readonly state: Exclude<FeedState, "starting" | "closed">;
  /** Why it is stale, else `null`. */
  readonly error: GateStatus["error"];
  readonly at: number;
}
