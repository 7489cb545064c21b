import { MaintenanceError } from "../../errors.ts";
import type { HintListener, Store, StoreCallOptions } from "../../stores/store.ts";

export type StoreCall = "load" | "changesSince" | "commit" | "history" | "importState" | "watch";

/**
 * `fail`: rejects, and nothing was done. `lose`: rejects although the call was done: its answer got lost. `hang`: waits, and is done at
 * `release`. `late`: done at once, answered at `release`.
 */
export type Fault = "fail" | "lose" | "hang" | "late";

/** A store around a real one, into which a test can inject faults. */
export interface ChaosStore extends Store {
  /** Number of calls of each member, including those with faults. */
  readonly calls: Readonly<Record<StoreCall, number>>;
  /** Gives these calls this fault from now on; without `calls`, all of them. */
  inject(fault: Fault, ...calls: readonly StoreCall[]): void;
  /** Lets every waiting call continue; faults remain. */
  release(): void;
  /** Removes all faults and releases waiting calls. */
  recover(): void;
  /** Ends every watch with `ERR_STORE_UNAVAILABLE`, as a lost connection would. */
  dropWatches(): void;
}

const ALL_CALLS: readonly StoreCall[] = ["load", "changesSince", "commit", "history", "importState", "watch"];

/**
 * Returns a store that forwards every call to `store` and injects the faults that a test sets. Closing it closes `store`.
 * @example
 * const store = chaosStore(memoryStore());
 * store.inject("fail", "load");
 * store.recover();
 */
export function chaosStore(store: Store): ChaosStore {
  const calls: Record<StoreCall, number> = {
    load: 0,
    changesSince: 0,
    commit: 0,
    history: 0,
    importState: 0,
    watch: 0,
  };
  const faults = new Map<StoreCall, Fault>();
  let gate = createGate();
  let connection = new AbortController();

  async function through<T>(
    call: StoreCall,
    options: StoreCallOptions | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    calls[call] += 1;
    const fault = faults.get(call);
    if (fault === "fail") throw lost(call);
    if (fault === "hang") await orAborted(gate.opened, options?.signal);
    const answer = work();
    if (fault === "late" || fault === "lose") {
      await answer;
      if (fault === "lose") throw lost(call);
      await orAborted(gate.opened, options?.signal);
    }
    return answer;
  }

  function release(): void {
    gate.open();
    gate = createGate();
  }

  return {
    name: store.name,
    capabilities: store.capabilities,
    load: (options) => through("load", options, () => store.load(options)),
    changesSince: (position, options) => through("changesSince", options, () => store.changesSince(position, options)),
    commit: (draft, options) => through("commit", options, () => store.commit(draft, options)),
    history: (query, options) => through("history", options, () => store.history(query, options)),
    importState: (content, over, options) =>
      through("importState", options, () => store.importState(content, over, options)),
    ...(store.migrations && { migrations: store.migrations }),
    ...(store.examine && { examine: store.examine }),
    ...(store.watch && {
      watch: (listener: HintListener, options: { readonly signal: AbortSignal }) =>
        through("watch", options, async () => {
          const { signal } = connection;
          await store.watch?.(listener, { signal: AbortSignal.any([signal, options.signal]) });
          if (signal.aborted && !options.signal.aborted) throw lost("watch");
        }),
    }),
    close: () => store.close(),
    calls,
    inject(fault, ...chosen) {
      for (const call of chosen.length === 0 ? ALL_CALLS : chosen) faults.set(call, fault);
    },
    release,
    recover() {
      faults.clear();
      release();
    },
    dropWatches() {
      connection.abort();
      connection = new AbortController();
    },
  };
}

function lost(call: StoreCall): MaintenanceError {
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `The connection was lost in '${call}'.`);
}

function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** Waits as a driver would: until the caller gives up. */
function orAborted(opened: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    opened.then(resolve, reject);
  });
}
