import { type Clock, systemClock } from "../../src/clock.ts";
import type { MemberList } from "../../src/stores/members.ts";

/** Returns a clock that runs `speed` times as fast as the machine's, so that a lease of 10 seconds ends after one at 10. */
export function scaledClock(speed: number): Clock & { monotonic(): number } {
  const began = Date.now();
  const passed = (): number => performance.timeOrigin + performance.now() - began;
  return {
    now: () => began + passed() * speed,
    monotonic: () => passed() * speed,
    setTimer: (callback, delay) => systemClock.setTimer(callback, delay / speed),
  };
}

/** Returns a list whose ages, which the store measures, pass as fast as a scaled clock. */
export function scaledList(members: MemberList, speed: number): MemberList {
  return {
    ...members,
    async list(options) {
      const listing = await members.list(options);
      const rows = listing.rows.map((row) => ({ ...row, age: row.age === null ? null : row.age * speed }));
      return { ...listing, rows, age: listing.age * speed };
    },
  };
}
