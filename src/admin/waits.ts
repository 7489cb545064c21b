import { MaintenanceError } from "../errors.ts";
import type { Principal } from "./access/principal.ts";

/** The waits that requests have begun: each reads the list of processes twice a second. */
export interface Waits {
  /** Returns a function that ends the count. `end` ends the wait. Throws `ERR_TOO_MANY_REQUESTS`. */
  begin(principal: Principal, end: () => void): () => void;
  /** Ends all of them, and begins no new ones. Idempotent. */
  close(): void;
}

/** Of one token, session or account. */
const MAX_WAITS_PER_OWNER = 10;
const MAX_WAITS = 100;

export function createWaits(): Waits {
  const waits = new Map<() => void, string>();
  let closed = false;
  return {
    begin({ via, key }, end) {
      const owner = `${via}:${key}`;
      const own = [...waits.values()].filter((one) => one === owner).length;
      if (closed || own >= MAX_WAITS_PER_OWNER || waits.size >= MAX_WAITS) {
        throw new MaintenanceError("ERR_TOO_MANY_REQUESTS", "Too many waits are under way.", {
          hint: "Let one end first, or close all sites with one request.",
        });
      }
      waits.set(end, owner);
      return () => void waits.delete(end);
    },
    close() {
      closed = true;
      for (const end of waits.keys()) end();
    },
  };
}
