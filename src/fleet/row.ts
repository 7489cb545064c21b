import type { Mode } from "../state/mode.ts";
import type { Position } from "../stores/store.ts";

/**
 * Milliseconds between two renewals of a row while no barrier is on, with a jitter of a tenth. Object storage counts each request, so its
 * rows are renewed every five minutes.
 */
export const RENEWAL_MS = 30_000;
export const SLOW_RENEWAL_MS = 300_000;
/** A row that was not renewed for this many of its intervals is silent: its process may be dead, cut off or stopped. */
export const SILENT_RENEWALS = 3;

/** The row of a gate: its report to other processes. Written by the gate alone, and renewed while it runs. */
export interface MemberRow {
  /** The id of the row before, if the process had to join again. */
  readonly prior: string | null;
  readonly process: ProcessIdentity;
  /** Name for people: the option `label`, else the name of the host. */
  readonly label: string;
  /** Version of this package. */
  readonly library: string;
  /** `node 24.21.0`. */
  readonly runtime: string;
  readonly level: FleetLevel;
  /** `unguarded`: a guard of the gate was removed from a server that can still get requests. */
  readonly state: "in" | "leaving" | "unguarded";
  /** Clocks by which the gate measures its lease. */
  readonly clocks: readonly ("monotonic" | "wall" | "uptime")[];
  /** The state that the gate has applied; `null` before the first load. */
  readonly position: Position | null;
  /** The mode that an override forces, or `null`. */
  readonly override: Mode | null;
  /** The groups that the gate names. */
  readonly groups: readonly string[];
  /** The epoch since which the gate keeps the lease of the barriers; 0 if it is not bound. */
  readonly bound: number;
  /** Milliseconds between two renewals, with a jitter of a tenth. */
  readonly renews: number;
  /** One for each barrier that the gate knows. */
  readonly attests: readonly Attest[];
  readonly underWay: UnderWayCounts;
  /** Milliseconds by which the clock of the gate is ahead of the store's; `null` if the store has none. */
  readonly wallOffset: number | null;
  /** The longest pause of the event loop since the last renewal, in milliseconds. */
  readonly loopDelay: number;
}

/** `presence`: listed and counted. `strict`: a gate that has never loaded the state is closed. */
export type FleetLevel = "presence" | "strict";

/** Identifies a process, so that another one on the same machine can check whether it is alive. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time of the process as the kernel counts it, because pids are reused. Empty if it is unknown. */
  readonly started: string;
  /** Identifies the machine, its boot and the container: a pid is unique within them. */
  readonly space: string;
  readonly host: string;
}

/** The answer that visitors of the targets of one barrier get from a gate. */
export interface Attest {
  /** Id of the barrier. */
  readonly barrier: string;
  /** `not-mine`: the target is a group that this gate does not name. */
  readonly outcome: "closed" | "not-mine" | "open";
  /** Why it is open: `override`, `behind`, `not loaded`, `scope`. */
  readonly because?: string;
  /** Requests to the targets that were let in and have not ended. */
  readonly underWay: UnderWayCounts;
  /** Number of the rules of each kind that still let requests in. */
  readonly waysIn: Readonly<Record<string, number>>;
}

/** The work that a gate has let in and that has not ended. */
export interface UnderWayCounts {
  readonly requests: number;
  /** Of these, requests that write. */
  readonly writes: number;
  /** Of these, answers that have been running for more than 10 seconds, such as server-sent events. */
  readonly streams: number;
  /** Upgraded connections, such as WebSocket. */
  readonly sockets: number;
  /** Work that `gate.hold` has reported. */
  readonly held: number;
  /** Requests that an exemption has let in; no barrier waits for them. */
  readonly exempted: number;
  /** The oldest of those that a barrier waits for. */
  readonly oldest: { readonly what: string; readonly site: string; readonly since: number } | null;
}

export const NOTHING_UNDER_WAY: UnderWayCounts = {
  requests: 0,
  writes: 0,
  streams: 0,
  sockets: 0,
  held: 0,
  exempted: 0,
  oldest: null,
};

export function serializeRow(row: MemberRow): string {
  return JSON.stringify(row);
}
