import { type Clock, keepAlive } from "../../clock.ts";
import { withinDeadline } from "../../deadline.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import { parseMember } from "../../fleet/member.ts";
import type { ProcessIdentity } from "../../fleet/row.ts";
import type { MemberListing, StoredMember } from "../../stores/members.ts";
import type { Store } from "../../stores/store.ts";
import { type Expected, FOLLOWER_STATES, type Follower, followerOf } from "./follower.ts";
import { isAssumedDead, removeRow } from "./remove-row.ts";

/** Milliseconds that a command waits at most for processes to apply its change. */
export const MAX_EFFECT_MS = 3_000;

/** The processes that follow a state, as far as they are known. */
export type Effect =
  /** The store keeps no list of processes. */
  | { readonly list: "none" }
  | { readonly list: "unreachable"; readonly reason: string; readonly hint: string }
  | {
      readonly list: "read";
      /** Version of the state with which the processes were compared. */
      readonly version: number;
      /** First those that have not applied it. */
      readonly processes: readonly Follower[];
      /** The groups, of those that were asked for, that no process names. */
      readonly unnamed: readonly string[];
      /** Milliseconds that passed before the last look. */
      readonly waited: number;
      /** There are processes that follow, and each has applied it. */
      readonly isDone: boolean;
    };

export interface FleetSource {
  readonly store: Pick<Store, "members" | "name" | "load">;
  readonly clock: Clock;
  /** Whether a process is alive; `undefined` if this process cannot check it. Rows of dead ones are removed. @default none is checked */
  readonly isAlive?: ((process: ProcessIdentity) => boolean | undefined | Promise<boolean | undefined>) | undefined;
}

/** Milliseconds before each further look; the last one repeats. Processes that are pushed a change have applied it after the first. */
const PAUSES: readonly number[] = [50, 100, 200];
const LAST_PAUSE_MS = 300;
/** Age of a list in milliseconds below which processes may be about to join it after the first change, which creates its place. */
const YOUNG_MS = 2_000;
/** Milliseconds of the wait that are left for the last look. */
const LAST_LOOK_MS = 200;

/**
 * Looks at the list of processes until each has applied `expected`, at most for `wait` milliseconds, 0 for one look. Never rejects: a list
 * that cannot be read is a result.
 */
export async function awaitEffect(source: FleetSource, expected: Expected, wait: number): Promise<Effect> {
  return await keepAlive(lookUntilApplied(source, expected, wait));
}

async function lookUntilApplied(source: FleetSource, expected: Expected, wait: number): Promise<Effect> {
  const { store, clock } = source;
  const start = clock.now();
  const ended = new Map<string, Follower>();
  let paused = 0;
  let isNew = false;
  let last: Effect = { list: "none" };
  if (store.members === undefined) return last;
  for (let look = 0; ; look += 1) {
    const elapsed = Math.max(paused, Math.min(wait, clock.now() - start));
    try {
      const milliseconds = Math.max(wait, MAX_EFFECT_MS) - elapsed;
      const rows = await readRows(source, milliseconds);
      isNew = rows.age < YOUNG_MS && expected.mode !== null && expected.position.version === 1;
      last = effectOf(rows, expected, ended, elapsed);
    } catch (error) {
      if (look > 0) return last;
      const hint = error instanceof MaintenanceError ? error.hint : "See the log of the store.";
      return { list: "unreachable", reason: messageOf(error), hint };
    }
    const pause = Math.min(PAUSES[look] ?? LAST_PAUSE_MS, wait - LAST_LOOK_MS - elapsed);
    if (!(isNew || isWorthWaiting(last)) || pause <= 0) return last;
    await new Promise<void>((resolve) => clock.setTimer(resolve, pause));
    paused += pause;
  }
}

interface Rows extends Pick<MemberListing, "age"> {
  readonly live: readonly StoredMember[];
  readonly dead: readonly StoredMember[];
}

/** Reads the rows, and removes those of processes that are known to be dead. */
async function readRows({ store, clock, isAlive }: FleetSource, milliseconds: number): Promise<Rows> {
  const { members } = store;
  if (members === undefined) return { age: 0, live: [], dead: [] };
  const limit = { name: `the list of processes of ${store.name}`, milliseconds, clock };
  const { rows, age } = await withinDeadline(limit, (signal) => members.list({ signal }));
  const live: StoredMember[] = [];
  const dead: StoredMember[] = [];
  for (const row of rows) {
    if (isAssumedDead(row)) continue;
    const isDead = isAlive !== undefined && (await isAlive(identityOf(row))) === false;
    (isDead ? dead : live).push(row);
  }
  const removals = dead.map((row) => withinDeadline(limit, () => removeRow(members, row, "buried")));
  // One that cannot be removed is dead all the same.
  await Promise.allSettled(removals);
  return { age, live, dead };
}

const NO_PROCESS: ProcessIdentity = { pid: 0, started: "", space: "", host: "" };

function identityOf(row: StoredMember): ProcessIdentity {
  try {
    return parseMember(row).process;
  } catch {
    return NO_PROCESS;
  }
}

function effectOf({ live, dead }: Rows, expected: Expected, ended: Map<string, Follower>, waited: number): Effect {
  for (const row of dead) ended.set(row.id, { ...followerOf(row, expected), state: "ended" });
  const found = live.map((row) => followerOf(row, expected));
  const processes = [...found, ...ended.values()].sort(
    (a, b) =>
      FOLLOWER_STATES.indexOf(a.state) - FOLLOWER_STATES.indexOf(b.state) ||
      a.label.localeCompare(b.label, "en", { numeric: true }) ||
      (a.pid ?? 0) - (b.pid ?? 0),
  );
  const followers = processes.filter(isFollowing);
  const named = new Set(followers.flatMap(({ groups }) => groups));
  return {
    list: "read",
    version: expected.position.version,
    processes,
    unnamed: expected.groups.filter((group) => !named.has(group)),
    waited,
    isDone: followers.some(isApplied) && followers.every((one) => isApplied(one) || one.state === "not-mine"),
  };
}

/** Whether it counts as a process that follows the state. */
export function isFollowing({ state }: Pick<Follower, "state">): boolean {
  return state !== "silent" && state !== "ended";
}

export function isApplied({ state }: Pick<Follower, "state">): boolean {
  return state === "applied";
}

/** Whether another look may show something else soon. */
function isWorthWaiting(effect: Effect): boolean {
  return (
    effect.list === "read" && effect.processes.some(({ state }) => state === "behind" || state === "other-lineage")
  );
}
