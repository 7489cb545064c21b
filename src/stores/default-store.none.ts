import { MaintenanceError } from "../errors.ts";
import type { Store } from "./store.ts";

/** Throws `ERR_INVALID_OPTION`: where there is no file system, no store goes without saying. */
export function createDefaultStore(): Store {
  throw new MaintenanceError(
    "ERR_INVALID_OPTION",
    "The option 'store' is missing, and this runtime has no file system.",
    {
      hint: 'Name a store: memoryStore() from "maintenance-mode/stores/memory", or one that your servers share.',
    },
  );
}
