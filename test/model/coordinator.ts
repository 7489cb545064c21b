import {
  type Coordinator,
  type CoordinatorName,
  isFollowing,
  type Lineage,
  type Promises,
  type State,
} from "./state.ts";
import { commit, type Step, step } from "./step.ts";
import type { World } from "./world.ts";

type Arming = Extract<Coordinator, { phase: "arming" | "armed" }>;
type Closing = Extract<Coordinator, { phase: "closing" }>;

/** One coordinator, in one state. */
interface Seat {
  readonly name: CoordinatorName;
  readonly title: string;
  readonly state: State;
  readonly world: World;
}

/** The transitions of a coordinator: it arms, waits until the members are bound, closes, evicts the silent ones, and proves. */
export function coordinatorSteps(name: CoordinatorName, state: State, world: World): readonly Step[] {
  const own = state[name];
  const seat: Seat = { name, title: name.toUpperCase(), state, world };
  switch (own?.phase) {
    case "idle":
      return armSteps(seat);
    case "arming":
      return [...armedSteps(seat, own), ...endingSteps(seat, own)];
    case "armed":
      return [...closeSteps(seat, own), ...endingSteps(seat, own)];
    case "closing":
      return [...proofSteps(seat, own), ...endingSteps(seat, own)];
    case "proven":
      return world.options.has("restores") ? [restore(seat)] : [];
    case undefined:
    case "ended":
    case "dead":
      return [];
  }
}

/** C2, I8: one live barrier. */
function armSteps({ name, title, state, world }: Seat): readonly Step[] {
  const { barrier, a, records } = state;
  const waitsForA = name === "b" && world.options.has("second coordinator later") && a.phase === "idle";
  if (barrier !== null || waitsForA) return [];
  const epoch = state.epoch + 1;
  const phase = world.mistakes.has("no arming") ? "armed" : "arming";
  return [
    step(`${title} arms`, state, {
      epoch,
      barrier: { by: name, epoch, unrenewed: 0 },
      ...seatOf(name, { phase, epoch, lineage: records.lineage }),
    }),
  ];
}

/** C2: silence proves nothing before the closure. */
function armedSteps(seat: Seat, own: Arming): readonly Step[] {
  const { name, title, state } = seat;
  if (!holdsBarrier(seat, own)) return [giveUp(seat, own, 7)];
  const isBound = isAbsent(seat, own.lineage) ? !isShort(seat) : state.row?.bound === own.epoch;
  return isBound ? [step(`${title} finds all bound`, state, seatOf(name, { ...own, phase: "armed" }))] : [];
}

/** C3, C5 */
function closeSteps(seat: Seat, own: Arming): readonly Step[] {
  const { name, title, state, world } = seat;
  const { records, row } = state;
  const adopts = world.mistakes.has("adopt the closure of another");
  const other = name === "a" ? "b" : "a";
  const isTaken = records.closedBy === other && state[other]?.phase !== "dead" && !adopts;
  if (records.lineage !== own.lineage || isTaken) return [giveUp(seat, own, 7)];
  const written = adopts && records.closedBy !== null ? { records } : commit(state, world, name);
  const { version } = written.records;
  return [
    step(`${title} closes`, state, {
      ...written,
      row: row && { ...row, isNew: false, unchanged: 0 },
      ...seatOf(name, { phase: "closing", epoch: own.epoch, lineage: own.lineage, version }),
    }),
  ];
}

/** C5, C6 */
function proofSteps(seat: Seat, own: Closing): readonly Step[] {
  const { name, title, state, world } = seat;
  const { row, records } = state;
  const { mistakes, options, faults } = world;
  const steps: Step[] = [];

  if (row?.isNew) steps.push(step(`${title} lists`, state, { row: { ...row, isNew: false, unchanged: 0 } }));

  const isSilent = row !== null && !row.isNew && row.unchanged >= world.observation;
  const isBound = row?.bound === own.epoch || mistakes.has("evict unbound");
  if (isSilent && isBound && row.evictedBy === null && !options.has("no eviction")) {
    steps.push(step(`${title} evicts M`, state, { row: { ...row, evictedBy: name } }));
  }

  const isUnlisted = faults.has("stale list") && faults.has("starts outside");
  const isDone = row !== null && row.underWay === 0 && isFollowing(row, own);
  const isAttested = isDone && (row.attestsClosed || mistakes.has("attest the version"));
  const isEveryMemberDone = (isUnlisted || isAbsent(seat, own.lineage) || isAttested) && !isShort(seat);

  const isClosed = mistakes.has("adopt the closure of another") ? records.closedBy !== null : records.closedBy === name;
  const isStillClosed = mistakes.has("no look at the records") || (isClosed && isFollowing(records, own));
  const canProve = mistakes.has("no proof") || holdsBarrier(seat, own);
  if (!isStillClosed || !canProve) {
    if (!mistakes.has("never gives up")) steps.push(giveUp(seat, own, 7));
  } else if (isEveryMemberDone) steps.push(prove(seat));
  return steps;
}

/** I2, I6 */
function prove(seat: Seat): Step {
  const { name, title, state, world } = seat;
  const { member, barrier, epoch } = state;
  const works = member.underWay + member.deferred > 0;
  const counts = rowCounts(seat) || world.mistakes.has("evicted is drained");
  const promises: Promises =
    name === "a" ? { ...state.promises, a: true, provenA: true } : { ...state.promises, b: true, provenB: true };
  const changes = {
    ...seatOf(name, { phase: "proven" }),
    promises,
    ...(barrier?.by === name && { barrier: null, epoch: epoch + 1 }),
  };
  return step(`${title} proves`, state, changes, works && counts ? "M works under a promise" : null);
}

/** I9: `run` opens only what it has closed. */
function restore({ name, title, state, world }: Seat): Step {
  const { records, promises } = state;
  const isOwn = world.mistakes.has("restore by settings") ? records.closedBy !== null : records.closedBy === name;
  return step(`${title} ends and restores`, state, {
    ...seatOf(name, { phase: "ended" }),
    promises: { ...promises, [name]: false },
    ...(isOwn && commit(state, world, null)),
  });
}

/** A coordinator renews its barrier, and can always end: C8. */
function endingSteps(seat: Seat, own: Arming | Closing): readonly Step[] {
  const { name, title, state, world } = seat;
  const { barrier, left } = state;
  const steps: Step[] = [];
  if (barrier !== null && holdsBarrier(seat, own)) {
    steps.push(step(`${title} renews its barrier`, state, { barrier: { ...barrier, unrenewed: 0 } }));
  }
  if (world.options.has("coordinators time out")) steps.push(giveUp(seat, own, 6));
  if (left.death) {
    const dead = { ...seatOf(name, { phase: "dead" }), left: { ...left, death: false } };
    steps.push(step(`${title} dies`, state, dead));
  }
  return steps;
}

function giveUp(seat: Seat, own: Arming | Closing, exit: 6 | 7): Step {
  const { name, title, state } = seat;
  return step(`${title} gives up (${exit})`, state, {
    ...seatOf(name, { phase: "ended" }),
    ...(holdsBarrier(seat, own) && { barrier: null, epoch: state.epoch + 1 }),
  });
}

function holdsBarrier({ name, state: { barrier } }: Seat, own: Arming | Closing): boolean {
  return barrier?.by === name && barrier.epoch === own.epoch;
}

/** C7: an eviction counts for its own barrier, and for others once that barrier is proven. */
function rowCounts({ name, state: { row, promises }, world }: Seat): boolean {
  if (row === null) return false;
  const { evictedBy } = row;
  if (evictedBy === null) return true;
  const isProven = evictedBy === "a" ? promises.provenA : promises.provenB;
  return evictedBy !== name && !isProven && !world.mistakes.has("trust unproven evictions");
}

/** No row of the member is waited for. */
function isAbsent(seat: Seat, lineage: Lineage): boolean {
  const { row } = seat.state;
  const isOfOther = seat.world.mistakes.has("another lineage is absent") && row !== null && row.lineage !== lineage;
  return isOfOther || !rowCounts(seat);
}

/** C1: fewer rows than `--expect` requires. */
function isShort(seat: Seat): boolean {
  return seat.world.options.has("expect") && !rowCounts(seat);
}

function seatOf(name: CoordinatorName, coordinator: Coordinator): Partial<State> {
  return name === "a" ? { a: coordinator } : { b: coordinator };
}
