import type { State } from "./state.ts";

/** The state if nothing was ever stored. */
export const EMPTY_STATE: State = {
  lineage: "",
  version: 0,
  records: new Map(),
  unreadable: new Map(),
  closedInstead: new Map(),
};
