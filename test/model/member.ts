import { type Member, NEW_ROW, OUTSIDE, type Records, type State } from "./state.ts";
import { type Step, step } from "./step.ts";
import type { World } from "./world.ts";

/** The transitions of the member: it joins, loads, renews its row, binds and unbinds itself, follows the records and leaves. */
export function memberSteps(state: State, world: World): readonly Step[] {
  const { member } = state;
  switch (member.phase) {
    case "outside":
      return joinSteps(state, world);
    case "read":
      return [
        step("M joins late", state, {
          row: {
            ...NEW_ROW,
            lineage: member.lineage,
            version: member.version,
            attestsClosed: member.closedBy !== null,
          },
          member: { ...member, phase: "in" },
        }),
      ];
    case "joined":
      return [...loadSteps(state, world), ...leaveSteps(state, world)];
    case "in":
      return [...renewalSteps(state, world), ...followSteps(state, world), ...leaveSteps(state, world)];
    case "leaving":
    case "left":
      return [];
  }
}

/** M1: the row is in the list before the member loads the records. */
function joinSteps(state: State, { faults, mistakes }: World): readonly Step[] {
  const { member, records } = state;
  if (mistakes.has("read before join")) {
    return [step("M reads without a row", state, { member: { ...member, phase: "read", ...records } })];
  }
  if (faults.has("store away")) return [];
  const row = { ...NEW_ROW, lineage: records.lineage, underWay: member.underWay };
  return [step("M joins", state, { row, member: { ...member, phase: "joined", leaseAge: 0 } })];
}

function loadSteps(state: State, { faults }: World): readonly Step[] {
  const { member, records, earlier } = state;
  const load = (label: string, read: Records): Step =>
    step(label, state, { member: { ...member, phase: "in", ...read } });
  const isStale = faults.has("stale first read") && earlier !== null;
  return [load("M loads", records), ...(isStale ? [load("M loads old records", earlier)] : [])];
}

/** M2 to M5: one renewal at a time; only its answer binds and unbinds. */
function renewalSteps(state: State, world: World): readonly Step[] {
  const { member, renewal, row, epoch, barrier } = state;
  switch (renewal?.phase) {
    case undefined:
      return [send(state, world)];
    case "sent": {
      const { age, phase, ...written } = renewal;
      const isRefused = row === null || (row.evictedBy !== null && !world.mistakes.has("renew after eviction"));
      const landed = { phase: "landed", age, epoch, asks: barrier?.epoch ?? 0 } as const;
      return [
        isRefused
          ? step("renewal is refused", state, { renewal: { phase: "refused", age } })
          : step("renewal lands", state, { row: { ...row, ...written, isNew: true }, renewal: landed }),
        step("renewal is lost", state, { renewal: null }),
      ];
    }
    case "landed": {
      const { age, asks } = renewal;
      const isBound = member.bound !== 0;
      const leaseAge = world.mistakes.has("lease from the answer") ? 0 : Math.min(member.leaseAge, age);
      const binding = asks === 0 && renewal.epoch >= member.bound ? { asked: 0, bound: 0 } : { asked: asks };
      return [
        step("M gets the answer", state, {
          renewal: null,
          member: { ...member, ...(isBound && { leaseAge }), ...binding },
        }),
        step("answer is lost", state, { renewal: null }),
      ];
    }
    case "refused": {
      const { underWay, deferred } = member;
      return [
        step("M learns that it is off the list", state, { renewal: null, member: { ...OUTSIDE, underWay, deferred } }),
      ];
    }
  }
}

/** M3: a member that was asked to bind itself is bound from the sending of the renewal that says so. */
function send(state: State, world: World): Step {
  const bindsNow = state.member.asked !== 0 && state.member.bound === 0;
  const member: Member = bindsNow ? { ...state.member, bound: state.member.asked, leaseAge: 0 } : state.member;
  const { lineage, version, bound, asked, underWay, deferred } = member;
  return step("M sends a renewal", state, {
    member,
    renewal: {
      phase: "sent",
      age: 0,
      lineage,
      version,
      attestsClosed: isClosedAt(member, world),
      bound: bound === 0 ? 0 : Math.max(bound, asked),
      underWay: underWay + (world.mistakes.has("count on entering") ? 0 : deferred),
    },
  });
}

function followSteps(state: State, world: World): readonly Step[] {
  const { member, records, earlier } = state;
  if (world.faults.has("reads a copy")) return [];
  const isBehind =
    member.lineage !== records.lineage || member.version !== records.version || member.closedBy !== records.closedBy;
  const isStale = world.faults.has("stale feed") && earlier !== null;
  return [
    ...(isBehind ? [step("M's feed reads", state, { member: follow(member, records, world) })] : []),
    ...(isStale ? [step("M's feed reads old records", state, { member: follow(member, earlier, world) })] : []),
  ];
}

/** I9: an older version does not undo a held closure. */
function follow(member: Member, read: Records, { mistakes }: World): Member {
  const isOlder = member.lineage === read.lineage && read.version < member.version;
  if (isOlder && member.closedBy !== null && !mistakes.has("follow an older version")) return member;
  const unbinds = mistakes.has("feed unbinds") && read.closedBy === null && read.version > 0;
  return { ...member, ...read, isPastEnd: false, ...(unbinds && { bound: 0, asked: 0 }) };
}

/** M7: a member leaves when it is drained, and admits nothing afterwards. */
function leaveSteps(state: State, { options, mistakes }: World): readonly Step[] {
  const { member, renewal } = state;
  const isDrained = member.underWay + member.deferred === 0;
  if (!options.has("leaves") || renewal !== null || !(isDrained || mistakes.has("leave undrained"))) return [];
  const servesOn = mistakes.has("leave undrained") || mistakes.has("leave unlatched");
  return [step("M leaves", state, { row: null, member: { ...member, phase: servesOn ? "leaving" : "left" } })];
}

/** Returns whether visitors meet a closed site, whatever the records say. */
export function isClosedAt(member: Member, { faults }: World): boolean {
  return member.closedBy !== null && !faults.has("override") && !member.isPastEnd;
}
