import { type Member, parseMember } from "../../fleet/member.ts";
import type { FleetLevel, UnderWayCounts } from "../../fleet/row.ts";
import type { Mode } from "../../state/mode.ts";
import type { StoredMember } from "../../stores/members.ts";
import type { Position } from "../../stores/store.ts";

/** The state that processes are compared with. */
export interface Expected {
  readonly position: Position;
  /** The mode that a change has set; `null` if there is no change: then every override counts. */
  readonly mode: Mode | null;
  /** Ids of the changed sites; empty if there is no change. */
  readonly sites: readonly string[];
  /** Of these, the groups: only a gate that names a group closes with it. Without a change, all groups to look for. */
  readonly groups: readonly string[];
}

/**
 * - `applied`: it is at the expected position, or later.
 * - `behind`: it is not there yet, or has never loaded the state.
 * - `other-lineage`: it follows another state: a copy, or one from before the state was lost.
 * - `overridden`: an override decides there, whatever is stored.
 * - `not-mine`: the change is of groups that it does not name.
 * - `unguarded`: it no longer guards its server.
 * - `leaving`: it shuts down, and has not applied the change.
 * - `silent`: it was not heard for three of its intervals, or a barrier has evicted it.
 * - `unreadable`: its row is damaged, or that of a later release.
 * - `ended`: its process no longer exists on this machine; its row was removed.
 */
export type FollowerState = (typeof FOLLOWER_STATES)[number];

/** First those that an operator has to look at. */
export const FOLLOWER_STATES = [
  "behind",
  "other-lineage",
  "overridden",
  "unguarded",
  "unreadable",
  "silent",
  "leaving",
  "ended",
  "not-mine",
  "applied",
] as const;

/** A process that follows the state, as plain data. What the caller may not see is `null`. */
export interface Follower {
  readonly id: string;
  readonly label: string;
  readonly host: string | null;
  readonly pid: number | null;
  readonly state: FollowerState;
  /** Version of the state that it has applied; `null` if it has never loaded one. */
  readonly version: number | null;
  /** Number of changes that it has not applied; `null` if that cannot be known. */
  readonly lag: number | null;
  /** Milliseconds since it was last heard, by the clock of the store; `null` if the store has none. */
  readonly heard: number | null;
  /** Version of this package. */
  readonly library: string | null;
  /** `node 24.21.0` */
  readonly runtime: string | null;
  readonly level: FleetLevel | null;
  /** The mode that an override forces. */
  readonly override: Mode | null;
  /** The groups that it names. */
  readonly groups: readonly string[];
  /** Milliseconds by which its clock is ahead of the store's. */
  readonly wallOffset: number | null;
  /** The longest recent pause of its event loop, in milliseconds. */
  readonly loopDelay: number | null;
  readonly underWay: UnderWayCounts | null;
}

/** Returns what a row says of its process; the damaged row of one is a process too. */
export function followerOf(stored: StoredMember, expected: Expected): Follower {
  const { id, age: heard } = stored;
  const member = parse(stored);
  if (member === null) {
    return {
      ...{ id, label: id.slice(0, SHORT_ID), host: null, pid: null, state: "unreadable", heard },
      ...{ version: null, lag: null, library: null, runtime: null, level: null, override: null, groups: [] },
      ...{ wallOffset: null, loopDelay: null, underWay: null },
    };
  }
  const { label, position, library, runtime, level, override, groups, wallOffset, loopDelay, underWay } = member;
  const { host, pid } = member.process;
  return {
    ...{ id, label, host, pid, state: stateOf(member, expected), heard },
    version: position?.version ?? null,
    lag: lagOf(member, expected),
    ...{ library, runtime, level, override, groups, wallOffset, loopDelay, underWay },
  };
}

/** Number of characters of an id by which people can distinguish rows. */
export const SHORT_ID = 8;

function parse(stored: StoredMember): Member | null {
  try {
    return parseMember(stored);
  } catch {
    return null;
  }
}

function stateOf(member: Member, expected: Expected): FollowerState {
  const { isSilent, evicted, state, position, override, groups } = member;
  if (isSilent || evicted !== null) return "silent";
  if (state === "unguarded") return "unguarded";
  if (isOfGroupsOnly(expected) && !expected.groups.some((group) => groups.includes(group))) return "not-mine";
  if (override !== null && override !== expected.mode) return "overridden";
  if (lagOf(member, expected) === 0) return "applied";
  if (state === "leaving") return "leaving";
  return isOfOtherState(position, expected) ? "other-lineage" : "behind";
}

function isOfGroupsOnly({ sites, groups }: Expected): boolean {
  return sites.length > 0 && sites.every((site) => groups.includes(site));
}

function lagOf({ position }: Member, { position: expected }: Expected): number | null {
  if (position === null || isOfOtherState(position, { position: expected })) return null;
  return Math.max(0, expected.version - position.version);
}

/** A gate that has read an empty store is at version 0 of no lineage: the first change gives it one. */
function isOfOtherState(position: Position | null, { position: expected }: Pick<Expected, "position">): boolean {
  return position !== null && position.lineage !== expected.lineage && position.lineage !== "";
}
