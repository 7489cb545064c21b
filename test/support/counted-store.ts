import { memoryStore } from "../../src/stores/memory.ts";
import type { Store } from "../../src/stores/store.ts";

/** A store in memory with the calls that read or write its state: `load` with the sites that it was asked for, sorted. */
export function countedStore(): { readonly store: Store; readonly calls: string[] } {
  const store = memoryStore();
  const calls: string[] = [];
  return {
    calls,
    store: {
      ...store,
      load(options) {
        calls.push(["load", ...(options?.sites ?? []).toSorted()].join(" "));
        return store.load(options);
      },
      commit(draft) {
        calls.push("commit");
        return store.commit(draft);
      },
      history(query) {
        calls.push("history");
        return store.history(query);
      },
      changesSince(position) {
        calls.push("changesSince");
        return store.changesSince(position);
      },
      // The command line closes the store of a configuration at the end of a run, and a test has several.
      close: async () => {},
    },
  };
}
