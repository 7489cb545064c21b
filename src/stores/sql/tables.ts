import type { ColumnType } from "kysely";

/** Drivers return large integers as numbers, texts or bigints. */
type Version = ColumnType<number | string | bigint, number, number>;

/** The tables, by their names without the prefix. */
export interface Tables {
  state: StateTable;
  sites: SitesTable;
  changes: ChangesTable;
  change_records: ChangeRecordsTable;
  members: MembersTable;
}

/** One row; none if nothing was ever written. */
export interface StateTable {
  id: 1;
  lineage: string;
  version: Version;
  stamp: string;
}

export interface SitesTable {
  id: string;
  version: Version;
  /** JSON of an object, as `StoredRecord.text`. */
  text: string;
}

export interface ChangesTable {
  version: Version;
  stamp: string;
  /** RFC 3339, UTC. */
  at: string;
  by_kind: string;
  by_label: string;
  by_from: string | null;
  command: string;
  reason: string;
}

export interface ChangeRecordsTable {
  version: Version;
  site: string;
  seen: Version;
  before_text: string | null;
  after_text: string | null;
}

/** The list of processes; see `MemberStorage`. */
export interface MembersTable {
  id: string;
  seq: Version;
  text: string;
  /** Epoch milliseconds of the database's clock. */
  written: Version;
}

/** The names that get the prefix: no column has one of them. */
export const PREFIXED: ReadonlySet<string> = new Set([
  "state",
  "sites",
  "changes",
  "change_records",
  "change_records_by_version",
  "change_records_by_site",
  "members",
]);
