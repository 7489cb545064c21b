import type { Clock } from "../../src/clock.ts";
import { MaintenanceError } from "../../src/errors.ts";
import type { MemberEntry, MemberStorage } from "../../src/stores/members/storage.ts";

/** `fail`: nothing was done. `lose`: it was done, and its answer was lost. */
type StorageFault = "none" | "fail" | "lose";

export interface FakeMemberStorage extends MemberStorage {
  /** The fault of the next calls, by what they do. */
  fault: (call: "put" | "remove" | "read", key: string) => StorageFault;
  /** Milliseconds before and after each call. */
  delay: () => number;
  wipe(): void;
}

/** A place for a list of processes under an injected clock, with faults. */
export function fakeMemberStorage(clock: Clock): FakeMemberStorage {
  const entries = new Map<string, MemberEntry>();

  async function call<T>(name: "put" | "remove" | "read", key: string, work: () => T): Promise<T> {
    await wait();
    const fault = storage.fault(name, key);
    if (fault === "fail") throw lost(name);
    const answer = work();
    await wait();
    if (fault === "lose") throw lost(name);
    return answer;
  }

  function wait(): Promise<void> | undefined {
    const delay = storage.delay();
    return delay === 0 ? undefined : new Promise((resolve) => clock.setTimer(resolve, delay));
  }

  const storage: FakeMemberStorage = {
    fault: () => "none",
    delay: () => 0,
    wipe: () => entries.clear(),
    put: (key, text, seen) =>
      call("put", key, () => {
        if ((entries.get(key)?.seq ?? 0) !== seen) return false;
        entries.set(key, { key, text, seq: seen + 1, written: clock.now() });
        return true;
      }),
    remove: (key, seen) => call("remove", key, () => entries.get(key)?.seq === seen && entries.delete(key)),
    read: (keys) =>
      call("read", keys === "all" ? "all" : keys.join(), () => ({
        entries: keys === "all" ? [...entries.values()] : keys.flatMap((key) => entries.get(key) ?? []),
        now: clock.now(),
      })),
  };
  return storage;
}

function lost(call: string): MaintenanceError {
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `The connection was lost in '${call}'.`);
}
