import { MaintenanceError } from "../../errors.ts";

/** The calls of a store. Those that have started finish while it closes; none starts afterwards. */
export interface Calls {
  /** Runs `work`. Rejects with `ERR_ALREADY_CLOSED` after `close`, and with the reason of a signal that has aborted. */
  call<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
  /** Resolves when all calls have ended. */
  close(): Promise<void>;
}

export function trackCalls(name: string): Calls {
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  return {
    async call(signal, work) {
      if (isClosed) throw new MaintenanceError("ERR_ALREADY_CLOSED", `The store '${name}' is closed.`);
      signal?.throwIfAborted();
      const running = work();
      underWay.add(running);
      try {
        return await running;
      } finally {
        underWay.delete(running);
      }
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}
