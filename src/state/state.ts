import type { MaintenanceError } from "../errors.ts";
import type { Position } from "../stores/store.ts";
import type { SiteRecord } from "./site-record.ts";

/** The whole state, parsed. The controller changes it, and gates compile it. */
export interface State extends Position {
  /** By id. A site without a record is open. */
  readonly records: ReadonlyMap<string, SiteRecord>;
  /** Stored records that cannot be read, by id. Empty if the store keeps all records in one text. */
  readonly unreadable: ReadonlyMap<string, MaintenanceError>;
  /** Records used in place of these by a process that has never read them: each is closed. */
  readonly closedInstead: ReadonlyMap<string, SiteRecord>;
}

/** The state if nothing was ever stored. */
export const EMPTY_STATE: State = {
  lineage: "",
  version: 0,
  records: new Map(),
  unreadable: new Map(),
  closedInstead: new Map(),
};
