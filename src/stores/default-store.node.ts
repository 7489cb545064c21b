import { fileStore } from "./file.ts";
import type { Store } from "./store.ts";

/** Where the state is when nobody says: the file that the application and the command line both find by themselves. */
export function createDefaultStore(): Store {
  return fileStore();
}
