import type { BarrierDetails, BarrierTarget } from "../../src/fleet/barrier.ts";
import { parseMember } from "../../src/fleet/member.ts";
import type { Barrier, BarrierText, MemberList } from "../../src/stores/members.ts";
import type { Store } from "../../src/stores/store.ts";
import { createFakeClock } from "../../src/testing/doubles/fake-clock.ts";

interface BarrierOptions extends Partial<Omit<BarrierDetails, "targets">> {
  readonly id?: string;
  readonly targets?: readonly (Partial<BarrierTarget> & { readonly site: string })[];
}

/** Returns a barrier as a coordinator writes it. */
export function barrierText({
  id = "barrier",
  targets = [{ site: "*" }],
  ...details
}: BarrierOptions = {}): BarrierText {
  const whole: BarrierDetails = {
    phase: "arming",
    isHold: false,
    keepsUsers: false,
    holder: {
      process: { pid: 1, started: "1", space: "elsewhere", host: "db-1" },
      label: "on",
      since: "2026-01-01T00:00:00Z",
    },
    ...details,
    targets: targets.map((target) => ({ mode: "closed", paths: [], version: null, ...target })),
  };
  return { id, targets: whole.targets.map(({ site }) => site), text: JSON.stringify(whole) };
}

/** Returns a barrier as the list returns it. */
export function barrierOf(options: BarrierOptions = {}, { seq = 1, epoch = 1 } = {}): Barrier {
  return { ...barrierText(options), seq, epoch };
}

export function membersOf({ members }: Store): MemberList {
  if (members === undefined) throw new Error("the store keeps a list of processes");
  return members;
}

export async function rowsOf(store: Store) {
  return (await membersOf(store).list()).rows.map(parseMember);
}

/** A store that can be cut off. */
export function cuttable(inner: Store) {
  const state = { isAway: false, cannotRead: false, isOpening: false };
  const whileThere =
    <Values extends readonly unknown[], Value>(work: (...values: Values) => Promise<Value>, isRead = false) =>
    async (...values: Values): Promise<Value> => {
      if (state.isAway || (state.cannotRead && isRead)) throw new Error("the store is away");
      return await work(...values);
    };
  const members = membersOf(inner);
  const store: Store = {
    ...inner,
    load: whileThere(inner.load, true),
    changesSince: whileThere(inner.changesSince, true),
    members: {
      ...members,
      join: whileThere(members.join),
      renew: whileThere(members.renew),
      leave: whileThere(members.leave),
      list: whileThere(members.list),
    },
  };
  return { store, state };
}

/** A clock that can also move while nothing else runs. */
export function skippingClock() {
  const clock = createFakeClock();
  let skipped = 0;
  return {
    now: () => clock.now() + skipped,
    monotonic: () => (clock.monotonic?.() ?? 0) + skipped,
    setTimer: clock.setTimer,
    advance: clock.advance,
    skip(milliseconds: number) {
      skipped += milliseconds;
    },
  };
}
