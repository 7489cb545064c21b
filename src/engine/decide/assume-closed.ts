import type { SiteRecord } from "../../state/site-record.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { compileSnapshot, type Snapshot } from "../snapshot/snapshot.ts";

/** The snapshot that a gate would hold if `record` were stored for its site: for questions of what would happen. Changes nothing. */
export function snapshotWith(snapshot: Snapshot, record: SiteRecord, now: number): Snapshot {
  const { lineage, version, policy, index, forAll, neverLoaded } = snapshot;
  const records = new Map(index.records).set(record.id, record);
  const groups = forAll.flatMap(({ id }) => (id === ALL_SITES ? [] : [id]));
  const options = { policy, configured: index.options.configured, groups, lookAtEach: true };
  const assumed = compileSnapshot(
    { lineage, version, records, unreadable: new Map(), closedInstead: new Map() },
    options,
    now,
    snapshot,
  );
  return { ...assumed, neverLoaded };
}
