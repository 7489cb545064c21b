import { NONE, type SiteRecord } from "./site-record.ts";

/**
 * The same record in the fewest bytes, since a gate may hold 100,000: written out member by member the object has room for these and
 * no more, and a copied list has none for what might be added. Members that a later release has added are kept all the same.
 */
export function compactRecord(record: SiteRecord): SiteRecord {
  const compact: SiteRecord = {
    id: record.id,
    hosts: record.hosts.length === 0 ? NONE : record.hosts.slice(),
    mode: record.mode,
    since: record.since,
    until: record.until,
    paths: record.paths.length === 0 ? NONE : record.paths.slice(),
    exemptions: record.exemptions,
    lockdown: record.lockdown,
    notice: record.notice,
    response: record.response,
    restore: record.restore,
    scope: record.scope,
    links: record.links,
    linkGeneration: record.linkGeneration,
    access: record.access,
    version: record.version,
    changed: record.changed,
  };
  if (Object.keys(record).length === Object.keys(compact).length) return compact;
  return { ...record, ...compact };
}
