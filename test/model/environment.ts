import type { State } from "./state.ts";
import { commit, type Step, step } from "./step.ts";
import { type Clock, type Fault, SWEEP, type World } from "./world.ts";

/** The clocks that do not count the time of a pause. */
const MISSED_BY: ReadonlyMap<Fault, readonly Clock[]> = new Map([
  ["suspend", ["monotonic"]],
  ["suspend and wall clock set back", ["monotonic", "wall"]],
  ["hypervisor pause", ["monotonic", "wall", "uptime"]],
]);

/** The transitions of time: every clock moves, or some stand still. */
export function timeSteps(state: State, world: World): readonly Step[] {
  const { member, row } = state;
  const { faults, clocks, missedTicks, mistakes } = world;
  const steps = [step("tick", state, tick(state, world))];
  for (const [fault, missing] of MISSED_BY) {
    // The lease ends by the clock that has moved most.
    if (!faults.has(fault) || !clocks.every((clock) => missing.includes(clock))) continue;
    steps.push(step(`tick, during: ${fault}`, state, { ...tick(state, world), member, renewal: state.renewal }));
  }
  if (member.missed < missedTicks) {
    const slow = { ...member, missed: member.missed + 1 };
    steps.push(
      step("tick that M's clocks miss", state, { ...tick(state, world), member: slow, renewal: state.renewal }),
    );
  }
  if (faults.has("wall clock jumps forward") && mistakes.has("observe by wall clock")) {
    const jumped = row && { ...row, unchanged: world.observation };
    steps.push(step("the coordinator's wall clock jumps forward", state, { row: jumped }));
  }
  const canEnd = faults.has("closure has an end") && mistakes.has("end held closure by clock");
  if (canEnd && member.closedBy !== null && !member.isPastEnd) {
    steps.push(step("M's wall clock passes the end", state, { member: { ...member, isPastEnd: true } }));
  }
  return steps;
}

/** Counters end where no transition distinguishes higher values. Parts that do not change stay the same objects. */
function tick({ member, renewal, row, barrier }: State, { lease, observation }: World): Partial<State> {
  const changes: { -readonly [Part in keyof State]?: State[Part] } = {};
  if (member.leaseAge < lease) changes.member = { ...member, leaseAge: member.leaseAge + 1 };
  if (renewal !== null && renewal.age < lease) changes.renewal = { ...renewal, age: renewal.age + 1 };
  if (row !== null && row.unchanged < observation) changes.row = { ...row, unchanged: row.unchanged + 1 };
  if (barrier !== null && barrier.unrenewed < SWEEP) changes.barrier = { ...barrier, unrenewed: barrier.unrenewed + 1 };
  return changes;
}

/** The transitions of other processes and of the store. */
export function faultSteps(state: State, world: World): readonly Step[] {
  const { records, earlier, barrier, epoch, left, promises, a } = state;
  const steps: Step[] = [];
  if (barrier?.unrenewed === SWEEP && !world.mistakes.has("no sweep")) {
    steps.push(step("a member sweeps the barrier", state, { barrier: null, epoch: epoch + 1 }));
  }
  if (left.open && records.closedBy !== null) {
    const opened = { left: { ...left, open: false }, promises: { ...promises, a: false, b: false } };
    steps.push(step("another process opens", state, { ...commit(state, world, null), ...opened }));
  }
  if (left.close && !left.open && records.closedBy === null) {
    const closed = { ...commit(state, world, "other"), left: { ...left, close: false } };
    steps.push(step("another process closes", state, closed));
  }
  if (left.wipe && (world.faults.has("wipe") || a.phase !== "idle")) {
    steps.push(
      step("the store is wiped", state, {
        records: { lineage: "after the wipe", version: 0, closedBy: null },
        earlier: null,
        row: null,
        barrier: null,
        epoch: epoch + 1,
        promises: { ...promises, a: false, b: false },
        left: { ...left, wipe: false },
      }),
    );
  }
  if (left.failover && earlier !== null) {
    const failedOver = { records: earlier, earlier: null, left: { ...left, failover: false } };
    steps.push(step("failover: the last change is lost", state, failedOver));
  }
  if (left.edit && !left.failover) {
    const edited = { records: { ...records, version: records.version + 1 }, left: { ...left, edit: false } };
    steps.push(step("a title is edited: the version is reached again", state, edited));
  }
  return steps;
}
